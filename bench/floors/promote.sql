-- The same changes by two statements inside the server; once for each type of entity, in one transaction.
INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
  row_index, actor_id, before, after)
SELECT uuidv7(), e.workspace_id, f.entity_type, e.id, e.version + 1, 'UPDATED', f.batch_id,
       f.row_index, :actor, jsonb_build_object(f.field, e.:column),
       jsonb_build_object(f.field, f.suggested_value)
FROM finding f JOIN :table e ON e.id = f.entity_id
WHERE f.batch_id = :batch AND f.entity_type = :type;

UPDATE :table e SET :column = f.suggested_value
FROM finding f
WHERE f.batch_id = :batch AND f.entity_type = :type AND e.id = f.entity_id;
