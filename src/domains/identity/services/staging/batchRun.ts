import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction, isDatabaseError } from '../../../../platform/postgres/pool.ts';
import type { BatchStatus, RunKind, StepKind } from '../../generated/prisma/enums.ts';
import { assertNotThinned, assertRunMayBegin } from './batchLifecycle.ts';
import { insertSteps, type NewStep, openSteps } from './batchSteps.ts';
import { lockStagedBatchNow, type StagedBatch } from './stagedBatch.ts';
import type { StagedBatchScheduler } from './stagedBatchScheduler.ts';

/** One promotion or reversal of a batch. */
export interface BatchRun {
  readonly id: string;
  readonly batchId: string;
  readonly kind: RunKind;
  readonly actorId: string;
  /** Which records a reversal is about. */
  readonly scope: RunScope;
  /** What became of how many, by outcome. */
  readonly counts: Readonly<Record<string, number>>;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** What a run is about. */
export interface RunScope {
  /** The rows of the batch; all of them where none are named. */
  readonly rowIndexes?: readonly number[];
  /** Whether the batch was cancelled before, and stays so. */
  readonly wasCancelled?: boolean;
}

/** @throws `BAD_USER_INPUT` for the first row that is named and that the batch does not have */
export async function assertRowsExist(
  client: ClientBase,
  { id }: Pick<StagedBatch, 'id'>,
  { rowIndexes = [] }: RunScope,
): Promise<void> {
  if (rowIndexes.length === 0) return;
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    SELECT row_index AS "rowIndex" FROM staged_record
    WHERE batch_id = ${id} AND row_index = ANY(${rowIndexes}::int[])`);
  const existing = new Set(rows.map(({ rowIndex }) => rowIndex));
  const index = rowIndexes.findIndex((rowIndex) => !existing.has(rowIndex));
  if (index < 0) return;
  const message = `The batch has no record ${rowIndexes[index]}.`;
  throw badUserInput(`input.rowIndexes.${index}`, message);
}

const columns = sql`
  id, batch_id AS "batchId", kind, actor_id AS "actorId", scope, counts,
  created_at AS "createdAt", finished_at AS "finishedAt"`;

/** The runs of a batch, newest first. */
export async function listBatchRuns(pool: Pool, batchId: string): Promise<readonly BatchRun[]> {
  const { rows } = await pool.query<BatchRun>(sql`
    SELECT ${columns} FROM batch_run WHERE batch_id = ${batchId} ORDER BY id DESC`);
  return rows;
}

/** The run that is under way, or that failed; null where there is none. */
export async function unfinishedRun(client: ClientBase, batchId: string): Promise<BatchRun | null> {
  const { rows } = await client.query<BatchRun>(sql`
    SELECT ${columns} FROM batch_run
    WHERE batch_id = ${batchId} AND finished_at IS NULL ORDER BY id DESC LIMIT 1`);
  return rows[0] ?? null;
}

/** Rolls back a step whose batch was ended, such as cancelled, while it was done. */
export class BatchLeft extends Error {}

/**
 * The run that is under way.
 *
 * @throws BatchLeft where there is none: steps of runs are only done while one is
 */
export async function currentRun(client: ClientBase, batchId: string): Promise<BatchRun> {
  const run = await unfinishedRun(client, batchId);
  if (run === null) throw new BatchLeft(`No run of batch ${batchId} is under way.`);
  return run;
}

/**
 * Adds to what became of how many in a run, in the transaction of the step that did it. The batch is
 * locked first, as everywhere: who cancels it locks the batch, then the run.
 */
export async function addRunCounts(
  client: ClientBase,
  runId: string,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  await client.query(sql`
    SELECT FROM staged_batch
    WHERE id = (SELECT batch_id FROM batch_run WHERE id = ${runId}) FOR NO KEY UPDATE`);
  await client.query(sql`
    UPDATE batch_run SET counts = counts || (
      SELECT coalesce(jsonb_object_agg(key, value::int + coalesce((counts->>key)::int, 0)), '{}')
      FROM jsonb_each_text(${JSON.stringify(counts)}::jsonb))
    WHERE id = ${runId}`);
}

/** Ends the run that is under way. */
export async function finishRun(client: ClientBase, batchId: string): Promise<void> {
  await client.query(sql`
    UPDATE batch_run SET finished_at = now() WHERE batch_id = ${batchId} AND finished_at IS NULL`);
}

/** The kinds of steps that promotions and reversals consist of. */
export const RUN_STEPS: readonly StepKind[] = ['PROMOTE_RANGE', 'PROMOTE_MERGES', 'REVERT_BUCKET'];

/** In which status a batch is while a run is under way. */
export const STATUS_OF = { PROMOTION: 'PROMOTING', REVERSAL: 'REVERTING' } as const;

interface NewRun extends Pick<BatchRun, 'kind' | 'actorId' | 'scope'> {
  readonly steps: readonly NewStep[];
  /** What is known of the outcome from the start. */
  readonly counts?: BatchRun['counts'];
}

/** Moves a locked batch on to a run, whose steps take the place of those of the one before. */
export async function insertRun(
  client: ClientBase,
  batchId: string,
  { kind, actorId, scope, steps, counts = {} }: NewRun,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> & { readonly runId: string }> {
  const runId = uuidv7();
  await deleteRunSteps(client, batchId);
  await insertSteps(client, batchId, steps);
  await client.query(sql`
    INSERT INTO batch_run (id, batch_id, kind, actor_id, scope, counts)
    VALUES (${runId}, ${batchId}, ${kind}, ${actorId}, ${JSON.stringify(scope)},
            ${JSON.stringify(counts)})`);
  const { rows } = await client.query<{ attempt: number }>(sql`
    UPDATE staged_batch
    SET status = ${STATUS_OF[kind]}, attempt = attempt + 1, lost_count = 0, failure_reason = NULL,
        finished_at = NULL, updated_at = now()
    WHERE id = ${batchId} RETURNING attempt`);
  if (!rows[0]) throw new Error(`Staged batch ${batchId} is gone.`);
  return { id: batchId, attempt: rows[0].attempt, runId };
}

/**
 * Begins a promotion or reversal: in one transaction the batch moves on with its steps, which are
 * then handed to the queue.
 *
 * @param plan - looks, while the batch is locked, at what there is to do
 * @throws `CONFLICT` where the batch's status does not allow it; `QUEUE_UNAVAILABLE` after the batch
 *   has come back to where it was
 */
export async function beginRun(
  { pool, scheduler }: { readonly pool: Pool; readonly scheduler: StagedBatchScheduler },
  batchId: string,
  plan: (client: ClientBase, batch: StagedBatch) => Promise<NewRun>,
  kind: RunKind,
): Promise<string> {
  const begun = await inTransaction(pool, async (client) => {
    const batch = await lockStagedBatchNow(client, batchId);
    assertNotThinned(batch);
    assertRunMayBegin(batch, STATUS_OF[kind]);
    await assertNothingUnderWay(client, [batchId]);
    await assertAnythingApplied(client, batch);
    const planned = await plan(client, batch);
    const wasCancelled = batch.status === 'CANCELLED';
    const scope = wasCancelled ? { ...planned.scope, wasCancelled } : planned.scope;
    const run = await insertRun(client, batchId, { ...planned, scope });
    return { ...run, statusBefore: batch.status };
  });
  try {
    await scheduler.schedule(begun, await openSteps(pool, batchId));
  } catch (error) {
    await takeBack(pool, begun, STATUS_OF[kind]);
    throw error;
  }
  return begun.runId;
}

/** Another transaction holds a lock: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Demands that no step of some batches, which rest and are locked, is still being done. A part of what
 * was cancelled may still be on its way to finding that out: it holds its step, and would wait for the
 * batch while this waited for the step.
 *
 * @throws `CONFLICT` where one is
 */
export async function assertNothingUnderWay(
  client: ClientBase,
  batchIds: readonly string[],
): Promise<void> {
  try {
    await client.query(sql`
      SELECT FROM staged_batch_step WHERE batch_id = ANY(${batchIds}::uuid[]) FOR UPDATE NOWAIT`);
  } catch (error) {
    if (!isDatabaseError(error, LOCK_NOT_AVAILABLE)) throw error;
    throw new ExpectedError(
      'CONFLICT',
      'A part of what was cancelled is still under way. Try again in a moment.',
    );
  }
}

/** A batch that was cancelled before its first promotion may not even have been checked to the end. */
async function assertAnythingApplied(
  client: ClientBase,
  { id, status }: StagedBatch,
): Promise<void> {
  if (status !== 'CANCELLED') return;
  const { rows } = await client.query(sql`SELECT FROM batch_run WHERE batch_id = ${id} LIMIT 1`);
  if (rows.length > 0) return;
  const message = 'The batch was cancelled before anything of it was applied.';
  throw new ExpectedError('CONFLICT', message, { status });
}

/** Leaves a batch alone that was cancelled in the meantime. */
async function takeBack(
  pool: Pool,
  begun: {
    readonly id: string;
    readonly attempt: number;
    readonly runId: string;
    readonly statusBefore: BatchStatus;
  },
  status: BatchStatus,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(sql`
      UPDATE staged_batch SET status = ${begun.statusBefore}, updated_at = now()
      WHERE id = ${begun.id} AND attempt = ${begun.attempt} AND status = ${status}`);
    await client.query(sql`DELETE FROM batch_run WHERE id = ${begun.runId}`);
    await deleteRunSteps(client, begun.id);
  });
}

async function deleteRunSteps(client: ClientBase, batchId: string): Promise<void> {
  await client.query(sql`
    DELETE FROM staged_batch_step
    WHERE batch_id = ${batchId} AND kind = ANY(${RUN_STEPS}::step_kind[])`);
}
