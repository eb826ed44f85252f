import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';

const POLL_MS = 20;
const RESTING = ['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'];

/**
 * Waits until a batch has one of some statuses.
 *
 * @returns the seconds since its trigger, by the clock of the database, so that the start of a process
 *   does not count
 * @throws Error when the batch comes to rest in another status
 */
export async function untilStatus(
  pool: Pool,
  batchId: string,
  ...statuses: readonly string[]
): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ status: string; reason: string | null; seconds: number }>(
      `SELECT status, failure_reason AS reason,
              extract(epoch FROM clock_timestamp() - created_at)::float8 AS seconds
       FROM staged_batch WHERE id = $1`,
      [batchId],
    );
    const { status = 'gone', reason = null, seconds = 0 } = rows[0] ?? {};
    if (statuses.includes(status)) return seconds;
    if (rows.length === 0 || RESTING.includes(status)) {
      throw new Error(`The batch is ${status}: ${reason}`);
    }
    await delay(POLL_MS);
  }
}

/** Waits until all steps of a batch are done. */
export async function untilStepsDone(pool: Pool, batchId: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ open: boolean }>(
      `SELECT EXISTS (
         SELECT FROM staged_batch_step WHERE batch_id = $1 AND done_at IS NULL) AS open`,
      [batchId],
    );
    if (rows[0]?.open !== true) return;
    await delay(POLL_MS);
  }
}
