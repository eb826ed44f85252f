import type { ClientBase, Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { assertNotThinned, assertRunMayBegin } from '../staging/batchLifecycle.ts';
import { type BatchRun, beginRun, type RunScope } from '../staging/batchRun.ts';
import { rehearseParts } from '../staging/rehearseParts.ts';
import { getStagedBatch, type StagedBatch } from '../staging/stagedBatch.ts';
import type { StagedBatchScheduler } from '../staging/stagedBatchScheduler.ts';
import { nothingToPromote, planPromotion } from './promotionPlan.ts';
import { promotionStep } from './promotionStep.ts';

export interface PromoteStagedBatchInput {
  readonly batchId: string;
  readonly actorId: string;
  /** Which records; all of the batch where none are named. */
  readonly rowIndexes?: readonly number[] | null;
}

/** What became, or would become, of how many, by outcome: see {@link BatchRun}. */
export type RunCounts = Readonly<Record<string, number>>;

/** A promotion that has begun. */
export interface BegunPromotion {
  readonly runId: string;
  readonly counts: RunCounts;
}

export interface PromotionService {
  /**
   * Begins to put into production what is accepted of a batch and not there yet. May be called again
   * for what is accepted later, and for what failed.
   *
   * @throws `CONFLICT` where there is nothing to promote, and where the batch's status does not allow
   *   it; `QUEUE_UNAVAILABLE` after the batch has come back to where it was
   */
  readonly promoteStagedBatch: (input: PromoteStagedBatchInput) => Promise<BegunPromotion>;
  /**
   * What {@link promoteStagedBatch} would do at this moment. Each range is tried, and taken back.
   *
   * @param signal - aborted when nobody waits for the answer any more
   * @throws `CONFLICT` where the batch's status does not allow a promotion
   */
  readonly previewPromotion: (
    input: PromoteStagedBatchInput,
    signal?: AbortSignal,
  ) => Promise<RunCounts>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
}

export function createPromotionService(dependencies: Dependencies): PromotionService {
  return {
    promoteStagedBatch: (input) => promoteStagedBatch(dependencies, input),
    previewPromotion: (input, signal) => previewPromotion(dependencies.pool, input, signal),
  };
}

async function promoteStagedBatch(
  dependencies: Dependencies,
  { batchId, actorId, rowIndexes }: PromoteStagedBatchInput,
): Promise<BegunPromotion> {
  const scope = scopeOf(rowIndexes);
  let counts: RunCounts = {};
  const plan = async (client: ClientBase, batch: StagedBatch) => {
    const planned = await planPromotion(client, batch, actorId, scope);
    const steps = planned.steps.length > 0 ? planned.steps : planned.mergeSteps;
    if (steps.length === 0) throw await nothingToPromote(client, batchId, planned, scope);
    counts = { fourEyes: planned.fourEyes, openErrors: planned.openErrors };
    return { kind: 'PROMOTION', actorId, scope, steps, counts } as const;
  };
  const runId = await beginRun(dependencies, batchId, plan, 'PROMOTION');
  return { runId, counts };
}

async function previewPromotion(
  pool: Pool,
  { batchId, actorId, rowIndexes }: PromoteStagedBatchInput,
  signal: AbortSignal | undefined,
): Promise<RunCounts> {
  const scope = scopeOf(rowIndexes);
  const { batch, plan } = await inTransaction(pool, async (client) => {
    const found = await getStagedBatch(client, batchId);
    assertNotThinned(found);
    assertRunMayBegin(found, 'PROMOTING');
    return { batch: found, plan: await planPromotion(client, found, actorId, scope) };
  });
  const run: BatchRun = {
    id: uuidv7(),
    batchId,
    kind: 'PROMOTION',
    actorId,
    scope,
    counts: {},
    createdAt: new Date(),
    finishedAt: null,
  };
  const counts: Record<string, number> = {
    fourEyes: plan.fourEyes,
    openErrors: plan.openErrors,
  };
  const steps = [...plan.steps, ...plan.mergeSteps];
  const outcomes = await rehearseParts(pool, steps, signal, (client, step) =>
    promotionStep(client, batch, run, step),
  );
  for (const [outcome, count] of outcomes.flatMap((ofStep) => Object.entries(ofStep))) {
    counts[outcome] = (counts[outcome] ?? 0) + count;
  }
  return counts;
}

/** Each named record is a step of its own. */
const MAX_NAMED_ROWS = 1_000;

function scopeOf(rowIndexes: readonly number[] | null | undefined): RunScope {
  if (!rowIndexes) return {};
  if (rowIndexes.length > MAX_NAMED_ROWS) {
    throw badUserInput('input.rowIndexes', `Name at most ${MAX_NAMED_ROWS} records at a time.`);
  }
  return { rowIndexes };
}
