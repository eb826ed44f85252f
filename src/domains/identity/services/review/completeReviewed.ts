import type { Pool } from 'pg';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { isAnythingLeft, restingStatus } from '../staging/restingStatus.ts';
import { findStagedBatch, lockStagedBatchNow, moveStagedBatch } from '../staging/stagedBatch.ts';
import type { Selection } from './reviewSelection.ts';

/** The first row that a decision is about. */
export function firstRowOf(selection: Selection<{ readonly rowIndex: number }>): number {
  if ('filter' in selection) return 0;
  return Math.min(...selection.keys.map(({ rowIndex }) => rowIndex));
}

/**
 * Moves a batch on to COMPLETED where a decision has left nothing to decide on or to apply. Comes
 * after the decision's own transaction: reviewers share a lock on the batch, and of two who wanted it
 * for themselves each would wait for the other.
 *
 * @param firstRow - the first that was decided on. What is left is looked for from there: people
 *   go through a batch row by row, and need not read again each time what they have gone through.
 */
export async function completeReviewed(
  pool: Pool,
  batchId: string,
  firstRow: number,
): Promise<void> {
  const batch = await findStagedBatch(pool, batchId);
  if (batch?.status !== 'READY_FOR_REVIEW') return;
  if (await isAnythingLeft(pool, batch, firstRow)) return;
  if (firstRow > 0 && (await isAnythingLeft(pool, batch, 0))) return;
  await inTransaction(pool, async (client) => {
    const locked = await lockStagedBatchNow(client, batchId);
    if (locked.status !== 'READY_FOR_REVIEW') return;
    const status = await restingStatus(client, locked);
    if (status === 'COMPLETED') await moveStagedBatch(client, locked, status);
  });
}
