import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';

/** In one transaction, which takes a fraction of a second. */
const PART_ROWS = 20_000;

const TABLES = ['finding', 'decision_entry', 'staged_record_state', 'staged_record'];

/**
 * Deletes what a thinned batch has in its tables, part by part, and its steps last: where they are
 * left, somebody has to go on.
 *
 * @returns whether all is deleted
 */
export async function deleteBatchRows(
  pool: Pool,
  batchId: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { rows } = await pool.query<{ endRow: number }>(sql`
    SELECT coalesce(max(row_index), -1) + 1 AS "endRow" FROM staged_record
    WHERE batch_id = ${batchId}`);
  for (let firstRow = 0; firstRow < (rows[0]?.endRow ?? 0); firstRow += PART_ROWS) {
    if (signal?.aborted) return false;
    await deleteRange(pool, batchId, firstRow);
  }
  while ((await deleteReversalEntries(pool, batchId)) > 0) if (signal?.aborted) return false;
  await inTransaction(pool, async (client) => {
    for (const table of ['decision', 'merge', 'staged_batch_step']) {
      await client.query(sql`DELETE FROM ${raw(table)} WHERE batch_id = ${batchId}`);
    }
  });
  return true;
}

function deleteRange(pool: Pool, batchId: string, firstRow: number): Promise<void> {
  return inTransaction(pool, async (client) => {
    for (const table of TABLES) {
      await client.query(sql`
        DELETE FROM ${raw(table)}
        WHERE batch_id = ${batchId} AND row_index >= ${firstRow}
          AND row_index < ${firstRow + PART_ROWS}`);
    }
  });
}

async function deleteReversalEntries(pool: Pool, batchId: string): Promise<number> {
  const { rowCount } = await pool.query(sql`
    DELETE FROM reversal_entry WHERE (run_id, change_id) IN (
      SELECT e.run_id, e.change_id FROM reversal_entry e
      WHERE e.run_id = ANY (ARRAY (SELECT id FROM batch_run WHERE batch_id = ${batchId}))
      LIMIT ${PART_ROWS})`);
  return rowCount ?? 0;
}
