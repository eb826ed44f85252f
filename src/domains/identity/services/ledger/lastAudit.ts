import sql, { type Sql } from 'sql-template-tag';

/**
 * The last audit that the ledger of a workspace knows, as `id` and `at`: what is open was seen by it.
 * The time of an audit is that at which it was triggered.
 */
export function selectLastAudit(workspaceId: Sql): Sql {
  return sql`
    SELECT id, created_at AS at FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND ledger_counts IS NOT NULL
    ORDER BY created_at DESC LIMIT 1`;
}
