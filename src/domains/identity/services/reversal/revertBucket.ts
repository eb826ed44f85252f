import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { addRunCounts, type BatchRun, currentRun } from '../staging/batchRun.ts';
import type { OpenStep, StepResult } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { type Bucket, collectCandidates } from './candidates.ts';
import { judgeCandidates } from './judgeCandidates.ts';
import { undoCandidates } from './undoCandidates.ts';

/** What became of how many changes in a reversal. */
export interface ReversalCounts {
  readonly reversed: number;
  readonly kept: number;
  readonly errored: number;
}

/** Undoes the changes of one bucket's entities: see {@link undoBucket}. */
export async function revertBucket(
  client: ClientBase,
  batch: StagedBatch,
  stepIndex: number,
  { endRow }: OpenStep,
): Promise<StepResult> {
  const run = await currentRun(client, batch.id);
  const counts = await undoBucket(client, batch, run, { index: stepIndex, count: endRow });
  await addRunCounts(client, run.id, { ...counts });
  return {
    checkedCount: counts.reversed,
    skippedCount: counts.kept + counts.errored,
    findingCount: 0,
  };
}

/**
 * Undoes what a run is about, for a bucket's entities: each pass takes the newest change of every
 * entity, so that what was changed twice goes back step by step.
 */
export async function undoBucket(
  client: ClientBase,
  batch: StagedBatch,
  run: BatchRun,
  bucket: Bucket,
): Promise<ReversalCounts> {
  const counts = { reversed: 0, kept: 0, errored: 0 };
  while ((await collectCandidates(client, run, bucket)) > 0) {
    await judgeCandidates(client, batch, run);
    await undoCandidates(client, batch, run);
    const pass = await keepOutcomes(client, run.id);
    counts.reversed += pass.reversed;
    counts.kept += pass.kept;
    counts.errored += pass.errored;
  }
  return counts;
}

async function keepOutcomes(client: ClientBase, runId: string): Promise<ReversalCounts> {
  const { rows } = await client.query<ReversalCounts>(sql`
    WITH entry AS (
      INSERT INTO reversal_entry (run_id, change_id, outcome, reason, blocked_by)
      SELECT ${runId}, change_id, outcome, reason, blocked_by FROM reversal_candidate
      RETURNING outcome
    )
    SELECT count(*) FILTER (WHERE outcome = 'REVERSED')::int AS reversed,
           count(*) FILTER (WHERE outcome = 'KEPT')::int AS kept,
           count(*) FILTER (WHERE outcome = 'ERRORED')::int AS errored
    FROM entry`);
  return rows[0] ?? { reversed: 0, kept: 0, errored: 0 };
}
