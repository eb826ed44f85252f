import type { Pool } from 'pg';
import sql from 'sql-template-tag';

/** What an audit has changed in the ledger, and what it has left as it was. */
export interface LedgerCounts {
  /** Never seen before. */
  readonly new: number;
  /** Open before and after. */
  readonly persisting: number;
  /** Open before and not found any more. */
  readonly resolved: number;
  /** Resolved by an earlier audit, and found again. */
  readonly regressed: number;
}

/** What audits have changed in the ledger, by id; none for batches that it does not know. */
export async function readLedgerCounts(
  pool: Pool,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, LedgerCounts>> {
  const { rows } = await pool.query<{ id: string; counts: LedgerCounts }>(sql`
    SELECT id, ledger_counts AS counts FROM staged_batch
    WHERE id = ANY(${batchIds}::uuid[]) AND ledger_counts IS NOT NULL`);
  return new Map(rows.map(({ id, counts }) => [id, counts]));
}
