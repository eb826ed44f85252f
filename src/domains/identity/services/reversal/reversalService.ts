import type { ClientBase, Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { ReviewFilter } from '../review/reviewSelection.ts';
import { assertNotThinned, assertRunMayBegin } from '../staging/batchLifecycle.ts';
import { assertRowsExist, type BatchRun, beginRun, type RunScope } from '../staging/batchRun.ts';
import type { NewStep } from '../staging/batchSteps.ts';
import { rehearseParts } from '../staging/rehearseParts.ts';
import { getStagedBatch, type StagedBatch } from '../staging/stagedBatch.ts';
import type { StagedBatchScheduler } from '../staging/stagedBatchScheduler.ts';
import {
  type EntryRow,
  type ReversalEntry,
  readNotReversed,
  withChanges,
} from './reversalEntries.ts';
import { countInScope, rowsToRevert } from './reversalScope.ts';
import { type ReversalCounts, undoBucket } from './revertBucket.ts';

export interface RevertPromotionInput {
  readonly batchId: string;
  readonly actorId: string;
  /** Which records; all of the batch where neither these nor a filter is given. */
  readonly rowIndexes?: readonly number[] | null;
  readonly filter?: ReviewFilter | null;
}

export interface ReversalService {
  /**
   * Begins to undo what was promoted of a batch, newest change first.
   *
   * @returns the run's id
   * @throws `BAD_USER_INPUT` for rows and a filter at once; `CONFLICT` where the batch's status does
   *   not allow it; `QUEUE_UNAVAILABLE` after the batch has come back to where it was
   */
  readonly revertPromotion: (input: RevertPromotionInput) => Promise<string>;
  /**
   * What {@link revertPromotion} would do at this moment. Each bucket is tried, and taken back.
   *
   * @param signal - aborted when nobody waits for the answer any more
   */
  readonly previewReversal: (
    input: RevertPromotionInput,
    signal?: AbortSignal,
  ) => Promise<ReversalPreview>;
}

/** What a reversal would do. */
export interface ReversalPreview {
  readonly counts: ReversalCounts;
  /** What it would not undo, and why; the first {@link SHOWN_ENTRIES}. */
  readonly notReversed: readonly ReversalEntry[];
}

/** There may be hundreds of thousands. */
export const SHOWN_ENTRIES = 100;

interface Dependencies {
  readonly pool: Pool;
  readonly scheduler: StagedBatchScheduler;
}

export function createReversalService(dependencies: Dependencies): ReversalService {
  return {
    revertPromotion: (input) => revertPromotion(dependencies, input),
    previewReversal: (input, signal) => previewReversal(dependencies.pool, input, signal),
  };
}

/** Changes in one bucket: a step that is lost is cheap to do again. */
const BUCKET_CHANGES = 10_000;

function revertPromotion(dependencies: Dependencies, input: RevertPromotionInput): Promise<string> {
  const { batchId, actorId } = input;
  return beginRun(
    dependencies,
    batchId,
    async (client, batch) => {
      const { scope, buckets } = await planReversal(client, batch, input);
      return { kind: 'REVERSAL', actorId, scope, steps: bucketSteps(buckets) };
    },
    'REVERSAL',
  );
}

/** What a reversal is about, and into how many buckets its entities are put. */
async function planReversal(
  client: ClientBase,
  batch: StagedBatch,
  input: RevertPromotionInput,
): Promise<{ readonly scope: RunScope; readonly buckets: number }> {
  const scope = await scopeOf(client, batch, input);
  await assertRowsExist(client, batch, scope);
  const changes = await countInScope(client, { batchId: batch.id, scope });
  return { scope, buckets: Math.max(1, Math.ceil(changes / BUCKET_CHANGES)) };
}

function bucketSteps(count: number): readonly NewStep[] {
  return Array.from({ length: count }, (_, stepIndex) => ({
    kind: 'REVERT_BUCKET',
    stepIndex,
    ruleId: '',
    firstRow: 0,
    endRow: count,
  }));
}

async function scopeOf(
  client: ClientBase,
  batch: StagedBatch,
  { rowIndexes, filter }: RevertPromotionInput,
): Promise<RunScope> {
  if (rowIndexes && filter) {
    throw badUserInput('input.filter', 'Name either rows or a filter, not both.');
  }
  if (filter) return { rowIndexes: await rowsToRevert(client, batch, filter) };
  return rowIndexes ? { rowIndexes } : {};
}

async function previewReversal(
  pool: Pool,
  input: RevertPromotionInput,
  signal: AbortSignal | undefined,
): Promise<ReversalPreview> {
  const { batchId, actorId } = input;
  const { batch, scope, buckets } = await inTransaction(pool, async (client) => {
    const found = await getStagedBatch(client, batchId);
    assertNotThinned(found);
    assertRunMayBegin(found, 'REVERTING');
    return { batch: found, ...(await planReversal(client, found, input)) };
  });
  const run: BatchRun = {
    ...{ id: uuidv7(), batchId, kind: 'REVERSAL', actorId, scope, counts: {} },
    ...{ createdAt: new Date(), finishedAt: null },
  };
  const counts = { reversed: 0, kept: 0, errored: 0 };
  const left: EntryRow[] = [];
  await rehearseParts(pool, bucketSteps(buckets), signal, async (client, { stepIndex: index }) => {
    const bucket = await undoBucket(client, batch, run, { index, count: buckets });
    left.push(...(await readNotReversed(client, run.id, SHOWN_ENTRIES - left.length)));
    counts.reversed += bucket.reversed;
    counts.kept += bucket.kept;
    counts.errored += bucket.errored;
  });
  return { counts, notReversed: await withChanges(pool, left) };
}
