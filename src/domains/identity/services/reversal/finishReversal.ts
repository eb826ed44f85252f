import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { isLive } from './reversalScope.ts';

/**
 * Marks the records as REVERTED of which a run has undone the last change that held. Their findings
 * are no longer applied, and what is decided on them next builds on the entity as it is now.
 */
export function markReverted(client: ClientBase, batchId: string, runId: string): Promise<void> {
  return withoutNestedLoops(client, async () => {
    await markRows(client, batchId, runId);
    await rebase(client, batchId, runId);
  });
}

async function markRows(client: ClientBase, batchId: string, runId: string): Promise<void> {
  // The records of what was merged have no change of their own: they follow the survivor's.
  await client.query(sql`
    CREATE TEMPORARY TABLE reverted_row ON COMMIT DROP AS
    WITH touched AS (
      SELECT DISTINCT c.row_index FROM reversal_entry e
      JOIN entity_change c ON c.batch_id = ${batchId} AND c.id = e.change_id
      WHERE e.run_id = ${runId} AND e.outcome = 'REVERSED'
    ), undone AS (
      SELECT row_index FROM touched t WHERE ${hasNothingLive(batchId)}
    )
    SELECT row_index FROM undone
    UNION
    SELECT t.row_index FROM undone u
    JOIN merge m ON m.batch_id = ${batchId} AND m.row_index = u.row_index AND m.applied
    JOIN finding t ON t.batch_id = ${batchId} AND t.merge_id = m.id
    WHERE ${hasNothingLive(batchId)}`);
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, status)
    SELECT ${batchId}, row_index, 'REVERTED' FROM reverted_row ORDER BY row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = 'REVERTED', reason = NULL`);
  await client.query(sql`
    UPDATE finding f SET applied = false, unchanged = false FROM reverted_row r
    WHERE f.batch_id = ${batchId} AND f.row_index = r.row_index AND f.applied`);
  await client.query(sql`
    UPDATE merge m SET applied = false FROM reverted_row r
    WHERE m.batch_id = ${batchId} AND m.row_index = r.row_index AND m.applied`);
}

/** Whether nothing holds any more of what a row `t` changed. */
function hasNothingLive(batchId: string): Sql {
  return sql`NOT EXISTS (
    SELECT FROM entity_change h
    WHERE h.batch_id = ${batchId} AND h.row_index = t.row_index AND ${isLive(sql`h`)})`;
}

/** Later changes of the batch build on what was undone, where they would have on what it was. */
async function rebase(client: ClientBase, batchId: string, runId: string): Promise<void> {
  // Row by row first: joined on their versions, of which there are few, all would meet all.
  await client.query(sql`
    WITH undone AS (
      SELECT c.entity_id, max(c.version) AS undone, max(undoing.version) AS version
      FROM reversal_entry e
      JOIN entity_change c ON c.batch_id = ${batchId} AND c.id = e.change_id
      JOIN entity_change undoing ON undoing.batch_id = ${batchId} AND undoing.reverts_id = c.id
      WHERE e.run_id = ${runId} AND e.outcome = 'REVERSED'
      GROUP BY c.entity_id
    ), undone_row AS MATERIALIZED (
      SELECT r.row_index, u.undone, u.version
      FROM staged_record r JOIN undone u ON u.entity_id = r.entity_id WHERE r.batch_id = ${batchId}
      UNION ALL
      SELECT m.row_index, u.undone, u.version
      FROM staged_record_state m JOIN undone u ON u.entity_id = m.matched_id
      WHERE m.batch_id = ${batchId}
    )
    UPDATE staged_record_state s SET base_version = u.version
    FROM undone_row u
    WHERE s.batch_id = ${batchId} AND s.row_index = u.row_index AND s.base_version = u.undone`);
}
