import sql, { type Sql } from 'sql-template-tag';

/**
 * What tells the findings of a rule about one field of an entity apart: the id of the other entity,
 * where a finding `f` is about one other, and else an empty text.
 */
export function discriminatorOf(f: Sql): Sql {
  return sql`CASE WHEN ${f}.related_count = 1 THEN coalesce(${f}.related_entity_ids[1]::text, '')
                  ELSE '' END`;
}

/** Whether an entry `e` of the ledger is that of a finding `f` of an audit of the workspace. */
export function isEntryOf(e: Sql, f: Sql, workspaceId: Sql): Sql {
  return sql`(${e}.workspace_id = ${workspaceId} AND ${e}.entity_id = ${f}.entity_id
    AND ${e}.rule_id = ${f}.rule_id AND ${e}.field = ${f}.field
    AND ${e}.discriminator = ${discriminatorOf(f)})`;
}

/** Whether `a` and `b`, entries or events of the ledger, have the same key. */
export function hasSameKey(a: Sql, b: Sql): Sql {
  return sql`(${a}.workspace_id = ${b}.workspace_id AND ${a}.entity_id = ${b}.entity_id
    AND ${a}.rule_id = ${b}.rule_id AND ${a}.field = ${b}.field
    AND ${a}.discriminator = ${b}.discriminator)`;
}
