import sql, { type Sql } from 'sql-template-tag';

/**
 * Whether somebody has waived what an entry `e` of the ledger says, for this value and by this version
 * of its rule, and the waiver has neither been revoked nor expired.
 */
export function isWaived(e: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM waiver w
    WHERE w.workspace_id = ${e}.workspace_id AND w.entity_id = ${e}.entity_id
      AND w.rule_id = ${e}.rule_id AND w.rule_version = ${e}.rule_version AND w.field = ${e}.field
      AND w.value IS NOT DISTINCT FROM ${e}.current_value
      AND w.revoked_at IS NULL AND (w.expires_at IS NULL OR w.expires_at > now()))`;
}
