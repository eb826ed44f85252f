import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { StepKind } from '../../generated/prisma/enums.ts';
import { profileByName } from '../../profiles/registry.ts';
import { IN_PROCESS_RECORDS, type MatchingEnvironment } from '../duplicates/matchDuplicates.ts';
import { beginProbableMatching, matchProbable } from '../imports/matching/probableMatches.ts';
import { beginMerging } from '../promotion/beginMerging.ts';
import { countOpenErrors, promotesUndecided } from '../promotion/chosenRecords.ts';
import { promoterOf } from '../promotion/promoteRange.ts';
import { promoteWaiting } from '../promotion/promoteWaiting.ts';
import { promotionStep } from '../promotion/promotionStep.ts';
import { markReverted } from '../reversal/finishReversal.ts';
import { revertBucket } from '../reversal/revertBucket.ts';
import { addRunCounts, BatchLeft, currentRun, finishRun, insertRun } from './batchRun.ts';
import {
  completeStep,
  lockOpenStep,
  type OpenStep,
  openSteps,
  promotionSteps,
  rangeOf,
  type StepResult,
} from './batchSteps.ts';
import { finishAudit } from './finishAudit.ts';
import { processRange } from './processRange.ts';
import { refreshKeysOf } from './refreshKeysOf.ts';
import { restingStatus } from './restingStatus.ts';
import {
  type BatchStatus,
  claimStagedBatch,
  failStagedBatch,
  lockStagedBatch,
  moveStagedBatch,
  type StagedBatch,
} from './stagedBatch.ts';
import type { StagedBatchScheduler, StepKey } from './stagedBatchScheduler.ts';
import { runWorkspaceRule } from './workspaceRuleStep.ts';

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
  /** Ends what steps have running beside this process; they fail, and are done anew elsewhere. */
  readonly stop: () => void;
}

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
  readonly matching: MatchingEnvironment;
}

/** What the service is made of. */
export interface ProcessingOptions extends Pick<Dependencies, 'pool' | 'scheduler'> {
  readonly logger: Logger;
  /** Where the database is, for processes of their own. */
  readonly databaseUrl: string;
  /** How many records are compared in this process at the most. */
  readonly inProcessRecords?: number;
}

export function createProcessingService({
  pool,
  scheduler,
  logger,
  databaseUrl,
  inProcessRecords = IN_PROCESS_RECORDS,
}: ProcessingOptions): ProcessingService {
  const stopping = new AbortController();
  const matching = {
    ...{ logger, inProcessRecords },
    connectionString: databaseUrl,
    stopping: stopping.signal,
  };
  const dependencies = { pool, scheduler, matching };
  return {
    runStep: (job, step) => runStep(dependencies, job, step),
    advance: (job) => advance(dependencies, job),
    giveUp: (job, reason) => failStagedBatch(pool, job.batchId, reason, job.attempt),
    stop: () => stopping.abort(),
  };
}

async function runStep(
  { pool, matching }: Dependencies,
  job: BatchAttempt,
  key: StepKey,
): Promise<void> {
  const batch = await claimForStep(pool, job, key);
  if (batch === null) return;
  if (key.kind === 'PROCESS_RANGE') await refreshKeysOf(pool, batch, rangeOf(key.stepIndex));
  await inTransaction(pool, async (client) => {
    const step = await lockOpenStep(client, batch.id, key);
    if (step === null) return;
    const result = await doStep(client, batch, key, step, matching);
    if (!(await completeStep(client, batch.id, key, result, batch.status))) throw new BatchLeft();
  }).catch((error: unknown) => {
    if (!(error instanceof BatchLeft)) throw error;
    matching.logger.info(
      { batchId: batch.id, ...key },
      'dropped a step of a batch that was ended meanwhile',
    );
  });
}

/** In which statuses a batch's steps are done, and which it has from then on. */
const MOVING: Readonly<Record<StepKind, readonly [readonly BatchStatus[], BatchStatus]>> = {
  PROCESS_RANGE: [['QUEUED'], 'PROCESSING'],
  WORKSPACE_RULE: [['QUEUED'], 'PROCESSING'],
  MATCH_PROBABLE: [['QUEUED'], 'PROCESSING'],
  PROMOTE_RANGE: [['PROMOTING'], 'PROMOTING'],
  PROMOTE_MERGES: [['PROMOTING'], 'PROMOTING'],
  REVERT_BUCKET: [['REVERTING'], 'REVERTING'],
};

function claimForStep(
  pool: Pool,
  { batchId, attempt }: BatchAttempt,
  { kind }: StepKey,
): Promise<StagedBatch | null> {
  const [from, to] = MOVING[kind];
  return claimStagedBatch(pool, batchId, attempt, from, to);
}

function doStep(
  client: ClientBase,
  batch: StagedBatch,
  { kind, stepIndex }: StepKey,
  step: OpenStep,
  matching: MatchingEnvironment,
): Promise<StepResult> {
  switch (kind) {
    case 'PROCESS_RANGE':
      return processRange(client, batch, step, matching.logger);
    case 'MATCH_PROBABLE':
      return matchProbable(client, batch, step, matching);
    case 'WORKSPACE_RULE':
      return runWorkspaceRule(client, batch, stepIndex, step, matching);
    case 'PROMOTE_RANGE':
    case 'PROMOTE_MERGES':
      return promote(client, batch, { ...step, kind });
    case 'REVERT_BUCKET':
      return revertBucket(client, batch, stepIndex, step);
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
    if (batch.status === 'PROMOTING') return finishPromotion(client, batch);
    if (batch.status === 'REVERTING') await finishReversal(client, batch);
    return null;
  });
  if (promotion !== null) await scheduler.schedule(promotion, await openSteps(pool, batchId));
}

/** @returns the attempt in which its rows are matched further, or promoted; null where it comes to rest */
async function finishProcessing(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  const matching = await beginProbableMatching(client, batch);
  if (matching !== null) return matching;
  const promoter = await promoterOf(client, batch, batch.createdById);
  if (promotesUndecided(batch, promoter)) {
    return insertRun(client, batch.id, {
      kind: 'PROMOTION',
      actorId: promoter.actorId,
      scope: {},
      steps: promotionSteps(batch.recordCount),
      counts: { openErrors: await countOpenErrors(client, batch, promoter) },
    });
  }
  const isAudit = profileByName(batch.profile).kind === 'audit';
  if (isAudit) await finishAudit(client, batch);
  const isDone = isAudit
    ? !(await hasAnythingToReview(client, batch.id))
    : (await restingStatus(client, batch)) === 'COMPLETED';
  await moveStagedBatch(client, batch, isDone ? 'COMPLETED' : 'READY_FOR_REVIEW');
  return null;
}

async function promote(
  client: ClientBase,
  batch: StagedBatch,
  step: OpenStep & Pick<StepKey, 'kind'>,
): Promise<StepResult> {
  const run = await currentRun(client, batch.id);
  const counts = await promotionStep(client, batch, run, step);
  await addRunCounts(client, run.id, counts);
  const { applied = 0, conflict = 0, failed = 0, waiting = 0 } = counts;
  return { checkedCount: applied, skippedCount: conflict + failed + waiting, findingCount: 0 };
}

/**
 * @returns the attempt in which records that have waited for others are promoted, or in which entities
 *   are merged, which comes last; null where it comes to rest
 */
async function finishPromotion(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  const waiting = await promoteWaiting(client, batch);
  if (waiting !== null) return waiting;
  const merging = await beginMerging(client, batch);
  if (merging !== null) return merging;
  await finishRun(client, batch.id);
  await moveStagedBatch(client, batch, await restingStatus(client, batch));
  return null;
}

async function finishReversal(client: ClientBase, batch: StagedBatch): Promise<void> {
  const { id, scope } = await currentRun(client, batch.id);
  await markReverted(client, batch.id, id);
  await finishRun(client, batch.id);
  const status = scope.wasCancelled ? 'CANCELLED' : await restingStatus(client, batch);
  await moveStagedBatch(client, batch, status);
}

async function hasAnythingToReview(client: ClientBase, batchId: string): Promise<boolean> {
  const { rows } = await client.query<{ any: boolean }>(sql`
    SELECT EXISTS (SELECT FROM finding WHERE batch_id = ${batchId} AND decision = 'OPEN')
        OR EXISTS (
          SELECT FROM staged_record_state WHERE batch_id = ${batchId} AND status IS NOT NULL) AS any`);
  return rows[0]?.any ?? false;
}
