-- The same rows into the same table by one statement inside the server: $1 batch, $2 workspace.
INSERT INTO staged_record (batch_id, row_index, entity_type, entity_id, raw_data)
SELECT $1::uuid, (row_number() OVER () - 1)::int, entity_type::entity_type, id,
       jsonb_build_object('entityType', entity_type, 'entityId', id, 'workspaceId', $2::uuid)
FROM (
  SELECT 'contact' AS entity_type, id FROM third_party WHERE workspace_id = $2 AND state = 'ACTIVE'
  UNION ALL
  SELECT 'site', id FROM customer_site WHERE workspace_id = $2 AND state = 'ACTIVE'
  UNION ALL
  SELECT 'device', id FROM customer_device WHERE workspace_id = $2 AND state = 'ACTIVE'
) AS entity
