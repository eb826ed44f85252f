import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { profileByName } from '../../profiles/registry.ts';
import {
  completeStep,
  insertSteps,
  lockOpenStep,
  type OpenStep,
  openSteps,
  promotionSteps,
  type StepResult,
} from './batchSteps.ts';
import { findDuplicates } from './duplicateFindings.ts';
import { processRange } from './processRange.ts';
import { promoteRange } from './promoteRange.ts';
import {
  type BatchStatus,
  beginPromotion,
  claimStagedBatch,
  failStagedBatch,
  lockStagedBatch,
  type StagedBatch,
} from './stagedBatch.ts';
import type { StagedBatchScheduler, StepKey } from './stagedBatchScheduler.ts';

/** A batch as a job of the queue knows it. */
export interface BatchAttempt {
  readonly batchId: string;
  readonly attempt: number;
}

export interface ProcessingService {
  /**
   * Does one step of a batch in one transaction that also marks it done, so that a job which runs
   * twice, or is killed and retried, changes nothing twice. A job of an earlier attempt, or for a
   * batch that has moved on, does nothing.
   */
  readonly runStep: (job: BatchAttempt, step: StepKey) => Promise<void>;
  /**
   * Moves a batch whose steps are all done to its next status, and schedules what that brings. May
   * be called at any time, any number of times.
   */
  readonly advance: (job: BatchAttempt) => Promise<void>;
  /** Ends a batch as FAILED after one of its steps has failed for good. */
  readonly giveUp: (job: BatchAttempt, reason: string) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
  readonly logger: Logger;
}

export function createProcessingService(dependencies: Dependencies): ProcessingService {
  return {
    runStep: (job, step) => runStep(dependencies, job, step),
    advance: (job) => advance(dependencies, job),
    giveUp: (job, reason) => failStagedBatch(dependencies.pool, job.batchId, reason, job.attempt),
  };
}

async function runStep(
  { pool, logger }: Dependencies,
  job: BatchAttempt,
  key: StepKey,
): Promise<void> {
  const batch = await claimForStep(pool, job, key);
  if (batch === null) return;
  await inTransaction(pool, async (client) => {
    const step = await lockOpenStep(client, batch.id, key);
    if (step === null) return;
    const result = await doStep(client, batch, key, step, logger);
    await completeStep(client, batch.id, key, result);
  });
}

function claimForStep(
  pool: Pool,
  { batchId, attempt }: BatchAttempt,
  { kind }: StepKey,
): Promise<StagedBatch | null> {
  return kind === 'PROMOTE_RANGE'
    ? claimStagedBatch(pool, batchId, attempt, ['PROMOTING'], 'PROMOTING')
    : claimStagedBatch(pool, batchId, attempt, ['QUEUED'], 'PROCESSING');
}

function doStep(
  client: ClientBase,
  batch: StagedBatch,
  { kind, stepIndex }: StepKey,
  step: OpenStep,
  logger: Logger,
): Promise<StepResult> {
  switch (kind) {
    case 'PROCESS_RANGE':
      return processRange(client, batch, step, logger);
    case 'WORKSPACE_RULE':
      return findDuplicates(client, batch, stepIndex, step, logger);
    case 'PROMOTE_RANGE':
      return promoteRange(client, batch, step);
  }
}

async function advance(
  { pool, scheduler }: Dependencies,
  { batchId, attempt }: BatchAttempt,
): Promise<void> {
  const promotion = await inTransaction(pool, async (client) => {
    const batch = await lockStagedBatch(client, batchId, attempt);
    if (batch === null || (await openSteps(client, batchId)).length > 0) return null;
    if (batch.status === 'PROCESSING') return finishProcessing(client, batch);
    if (batch.status === 'PROMOTING') await finishPromotion(client, batch);
    return null;
  });
  if (promotion !== null) await scheduler.schedule(promotion, await openSteps(pool, batchId));
}

/** @returns the attempt in which the batch is promoted; null where it comes to rest */
async function finishProcessing(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  if (batch.autoPromote) {
    await insertSteps(client, batch.id, promotionSteps(batch.recordCount));
    return beginPromotion(client, batch.id);
  }
  const nothingToReview =
    profileByName(batch.profile).kind === 'audit' && !(await hasAnythingToReview(client, batch.id));
  await setStatus(client, batch, nothingToReview ? 'COMPLETED' : 'READY_FOR_REVIEW');
  return null;
}

async function finishPromotion(client: ClientBase, batch: StagedBatch): Promise<void> {
  const { rows } = await client.query<{ promoted: number }>(sql`
    SELECT count(*)::int AS promoted FROM staged_record_state
    WHERE batch_id = ${batch.id} AND status = 'PROMOTED'`);
  const allPromoted = rows[0]?.promoted === batch.recordCount;
  await setStatus(client, batch, allPromoted ? 'COMPLETED' : 'READY_FOR_REVIEW');
}

async function hasAnythingToReview(client: ClientBase, batchId: string): Promise<boolean> {
  const { rows } = await client.query<{ any: boolean }>(sql`
    SELECT EXISTS (SELECT FROM finding WHERE batch_id = ${batchId})
        OR EXISTS (SELECT FROM staged_record_state WHERE batch_id = ${batchId}) AS any`);
  return rows[0]?.any ?? false;
}

async function setStatus(
  client: ClientBase,
  batch: StagedBatch,
  status: BatchStatus,
): Promise<void> {
  await client.query(sql`
    UPDATE staged_batch
    SET status = ${status}, updated_at = now(),
        finished_at = CASE WHEN ${status === 'COMPLETED'} THEN now() END
    WHERE id = ${batch.id}`);
}
