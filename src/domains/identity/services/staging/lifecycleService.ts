import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { ExpectedError } from '../../../../platform/errors.ts';
import {
  inTransaction,
  isDatabaseError,
  UNIQUE_VIOLATION,
} from '../../../../platform/postgres/pool.ts';
import { assertMayBeRetried, assertNotThinned, assertTransition } from './batchLifecycle.ts';
import { readProgress } from './batchProgress.ts';
import { finishRun, STATUS_OF, unfinishedRun } from './batchRun.ts';
import { openSteps } from './batchSteps.ts';
import { auditInProgress } from './ingestionService.ts';
import {
  failStagedBatch,
  findStagedBatch,
  lockStagedBatchNow,
  moveStagedBatch,
  type StagedBatch,
} from './stagedBatch.ts';
import type { StagedBatchScheduler } from './stagedBatchScheduler.ts';

export interface LifecycleService {
  /**
   * Stops a batch for good, between two of its steps: what is under way is not kept. A promotion or
   * reversal ends where it is; what it has applied stays applied and recorded.
   *
   * @throws `NOT_FOUND`; `CONFLICT` for a batch that has ended
   */
  readonly cancelStagedBatch: (batchId: string) => Promise<void>;
  /**
   * Goes on with a batch that failed, from the steps that are not done.
   *
   * @throws `NOT_FOUND`; `CONFLICT` for a batch that has not failed, or whose rows never came in;
   *   `AUDIT_IN_PROGRESS` while another audit of the workspace runs; `QUEUE_UNAVAILABLE` after the
   *   batch has become FAILED again
   */
  readonly retryStagedBatch: (batchId: string) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
}

export function createLifecycleService(dependencies: Dependencies): LifecycleService {
  return {
    cancelStagedBatch: (batchId) => cancelStagedBatch(dependencies, batchId),
    retryStagedBatch: (batchId) => retryStagedBatch(dependencies, batchId),
  };
}

function cancelStagedBatch({ pool }: Dependencies, batchId: string): Promise<void> {
  return inTransaction(pool, async (client) => {
    const batch = await lockStagedBatchNow(client, batchId);
    await moveStagedBatch(client, batch, 'CANCELLED', await whatIsLeft(client, batch));
    await finishRun(client, batch.id);
  });
}

/** What people should know of a batch that is cancelled in the middle of a promotion or reversal. */
async function whatIsLeft(client: ClientBase, { id }: StagedBatch): Promise<string | null> {
  const run = await unfinishedRun(client, id);
  if (run === null) return null;
  const [{ done, total } = { done: 0, total: 0 }] = await readProgress(client, [id]);
  return run.kind === 'PROMOTION'
    ? `Cancelled while it was promoted: ${done} of ${total} parts were done. What they changed in production stays changed, until it is reverted.`
    : `Cancelled while it was reverted: ${done} of ${total} parts were done. What they undid stays undone.`;
}

async function retryStagedBatch({ pool, scheduler }: Dependencies, batchId: string): Promise<void> {
  const retried = await inTransaction(pool, (client) => goOn(client, batchId)).catch(
    async (error: unknown) => {
      if (!isDatabaseError(error, UNIQUE_VIOLATION, 'staged_batch_one_live_audit')) throw error;
      const batch = await findStagedBatch(pool, batchId);
      throw batch === null ? error : await auditInProgress(pool, batch.workspaceId);
    },
  );
  try {
    await scheduler.schedule(retried, await openSteps(pool, batchId));
  } catch (error) {
    const reason = error instanceof ExpectedError ? error.message : 'It could not be scheduled.';
    await failStagedBatch(pool, batchId, reason, retried.attempt);
    throw error;
  }
}

async function goOn(
  client: ClientBase,
  batchId: string,
): Promise<Pick<StagedBatch, 'id' | 'attempt'>> {
  const batch = await lockStagedBatchNow(client, batchId);
  assertNotThinned(batch);
  assertMayBeRetried(batch);
  if (batch.recordCount === 0) throw nothingToGoOnWith(batch);
  // A promotion or reversal that failed has not ended; else it was the processing that failed.
  const run = await unfinishedRun(client, batchId);
  const to = run === null ? 'PROCESSING' : STATUS_OF[run.kind];
  assertTransition(batch, to);
  const { rows } = await client.query<{ attempt: number }>(sql`
    UPDATE staged_batch
    SET status = ${to}, attempt = attempt + 1, lost_count = 0, failure_reason = NULL,
        finished_at = NULL, updated_at = now()
    WHERE id = ${batchId} RETURNING attempt`);
  return { id: batchId, attempt: rows[0]?.attempt ?? batch.attempt };
}

/** How many rows there are is written when all of them have come in. */
function nothingToGoOnWith({ status }: StagedBatch): ExpectedError {
  return new ExpectedError(
    'CONFLICT',
    'The batch failed before all of its rows had come in, so there is nothing to go on with. Start a new one.',
    { status },
  );
}
