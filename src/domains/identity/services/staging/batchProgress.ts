import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { BatchStatus } from '../../generated/prisma/enums.ts';
import { RUN_STEPS } from './batchRun.ts';

/** How far the present phase of a batch has come. */
export interface BatchProgress {
  readonly id: string;
  readonly status: BatchStatus;
  /** Rows that have been checked; parts that are done, once the batch is promoted or reverted. */
  readonly done: number;
  readonly total: number;
}

/**
 * Columns and FROM of batches `b`. The steps of a promotion or reversal take the place of those of the
 * one before, so where there are any, they are those of the present phase.
 */
const progressColumns = sql`
  b.id, b.status, coalesce(run.done, b.processed_count) AS done,
  coalesce(run.total, b.record_count) AS total`;
const batchesWithRuns = sql`
  FROM staged_batch b LEFT JOIN LATERAL (
    SELECT count(done_at)::int AS done, count(*)::int AS total FROM staged_batch_step
    WHERE batch_id = b.id AND kind = ANY(${RUN_STEPS}::step_kind[]) HAVING count(*) > 0
  ) run ON true`;

/** How far batches have come, in no order. */
export async function readProgress(
  client: ClientBase | Pool,
  batchIds: readonly string[],
): Promise<readonly BatchProgress[]> {
  const { rows } = await client.query<BatchProgress>(sql`
    SELECT ${progressColumns} ${batchesWithRuns} WHERE b.id = ANY(${batchIds}::uuid[])`);
  return rows;
}

/** How far a batch has come, and who of those that were asked for is a member of its workspace. */
export interface WatchedProgress extends BatchProgress {
  readonly memberIds: readonly string[];
}

/** As {@link readProgress}, in one statement with who may know it. */
export async function readWatchedProgress(
  pool: Pool,
  batchIds: readonly string[],
  userIds: readonly string[],
): Promise<readonly WatchedProgress[]> {
  const { rows } = await pool.query<WatchedProgress>(sql`
    SELECT ${progressColumns}, ARRAY(
      SELECT m.user_id FROM membership m
      WHERE m.workspace_id = b.workspace_id AND m.user_id = ANY(${userIds}::uuid[])) AS "memberIds"
    ${batchesWithRuns} WHERE b.id = ANY(${batchIds}::uuid[])`);
  return rows;
}
