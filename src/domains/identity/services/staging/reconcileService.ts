import type { Pool, PoolClient } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { WORKED_ON } from './batchLifecycle.ts';
import { openSteps } from './batchSteps.ts';
import { failStagedBatch } from './stagedBatch.ts';
import type { StagedBatchScheduler } from './stagedBatchScheduler.ts';

/** Rows that come in move the heartbeat every ten seconds. */
const STAGING_LIMIT = '1 minute';
/** Ingestion schedules what it has queued within five seconds, or fails the batch. */
const SCHEDULING_GRACE = '10 seconds';
/** A batch that loses its jobs this often is more likely their cause than their victim. */
const MAX_LOSSES = 9;
/** Any number will do that nothing else uses as an advisory lock: "drc1" in ASCII. */
const RECONCILE_LOCK = 0x64_72_63_31;

export interface ReconcileService {
  /**
   * Picks up what a crash has left behind: fails batches that nobody stages any more, and schedules
   * batches anew whose jobs the queue has lost. Only one process at a time does this, so that every
   * worker may try.
   *
   * @throws `QUEUE_UNAVAILABLE` when the queue is away
   */
  readonly reconcile: () => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
  readonly logger: Logger;
}

export function createReconcileService(dependencies: Dependencies): ReconcileService {
  return {
    reconcile: () =>
      inTransaction(dependencies.pool, async (client) => {
        const { rows } = await client.query<{ locked: boolean }>(sql`
          SELECT pg_try_advisory_xact_lock(${RECONCILE_LOCK}) AS locked`);
        if (!rows[0]?.locked) return;
        await failAbandonedStaging(dependencies);
        await rescheduleLostBatches(client, dependencies);
      }),
  };
}

async function failAbandonedStaging({ pool, logger }: Dependencies): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(sql`
    UPDATE staged_batch
    SET status = 'FAILED', finished_at = now(), updated_at = now(),
        failure_reason = 'The process that staged the rows has ended. Start it again.'
    WHERE status = 'STAGING' AND heartbeat_at < now() - ${STAGING_LIMIT}::interval
    RETURNING id`);
  for (const { id } of rows) logger.warn({ batchId: id }, 'failed a batch that nobody stages');
}

interface MovingBatch {
  readonly id: string;
  readonly attempt: number;
  readonly lostCount: number;
}

async function rescheduleLostBatches(
  client: PoolClient,
  dependencies: Dependencies,
): Promise<void> {
  const { rows } = await client.query<MovingBatch>(sql`
    SELECT id, attempt, lost_count AS "lostCount" FROM staged_batch
    WHERE status = ANY(${WORKED_ON}::batch_status[])
      AND updated_at < now() - ${SCHEDULING_GRACE}::interval
    ORDER BY id`);
  for (const batch of rows) {
    if (!(await dependencies.scheduler.isScheduled(batch))) await reschedule(dependencies, batch);
  }
}

/** The attempt is raised first: a job of the one before that turns up after all does nothing. */
async function reschedule(
  { pool, scheduler, logger }: Dependencies,
  { id, attempt, lostCount }: MovingBatch,
): Promise<void> {
  if (lostCount >= MAX_LOSSES) {
    await failStagedBatch(
      pool,
      id,
      `Its work was lost ${lostCount + 1} times. See the worker's log, then retry it.`,
      attempt,
    );
    return;
  }
  const { rowCount } = await pool.query(sql`
    UPDATE staged_batch
    SET attempt = attempt + 1, lost_count = lost_count + 1, updated_at = now()
    WHERE id = ${id} AND attempt = ${attempt}
      AND status = ANY(${WORKED_ON}::batch_status[])`);
  if (rowCount === 0) return;
  logger.warn({ batchId: id, attempt: attempt + 1 }, 'scheduling a batch anew');
  await scheduler.schedule({ id, attempt: attempt + 1 }, await openSteps(pool, id));
}
