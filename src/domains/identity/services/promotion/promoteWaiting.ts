import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { profileByName } from '../../profiles/registry.ts';
import { currentRun } from '../staging/batchRun.ts';
import { insertSteps } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { isNamed } from './chosenRecords.ts';
import { stepsOf } from './promotionPlan.ts';

/** The ranges of each further pass are numbered from its multiple of this. */
const STEPS_PER_PASS = 1_000_000;

/**
 * Goes through the records once more that wait for what they refer to, where other ranges of their
 * batch may have brought that to production by now. Ends when a pass has brought nothing there, which
 * is after one for each type that refers to another at the latest.
 *
 * @returns the attempt in which that is done; null where there is nothing to try again
 */
export async function promoteWaiting(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  if (profileByName(batch.profile).kind !== 'import') return null;
  const run = await currentRun(client, batch.id);
  if (!run.counts.waiting) return null;
  const pass = await lastPass(client, batch.id);
  if (pass === null || pass.applied === 0 || pass.stepCount === 1) return null;
  if (!(await bringsTarget(client, batch.id))) return null;
  const waiting = sql`(
    SELECT s.row_index FROM staged_record_state s
    WHERE s.batch_id = ${batch.id} AND s.status IS NULL AND s.reason IS NOT NULL
      ${isNamed(sql`s.row_index`, run.scope)}) r`;
  const steps = await stepsOf(client, run.scope, waiting);
  const firstStep = (pass.number + 1) * STEPS_PER_PASS;
  await insertSteps(
    client,
    batch.id,
    steps.map((step) => ({ ...step, stepIndex: firstStep + step.stepIndex })),
  );
  await client.query(sql`
    UPDATE batch_run SET counts = counts - 'waiting' WHERE id = ${run.id}`);
  const { rows } = await client.query<{ id: string; attempt: number }>(sql`
    UPDATE staged_batch SET attempt = attempt + 1, updated_at = now()
    WHERE id = ${batch.id} RETURNING id, attempt`);
  return rows[0] ?? null;
}

interface Pass {
  readonly number: number;
  readonly stepCount: number;
  /** How many records it has brought to production. */
  readonly applied: number;
}

async function lastPass(client: ClientBase, batchId: string): Promise<Pass | null> {
  const { rows } = await client.query<Pass>(sql`
    SELECT step_index / ${STEPS_PER_PASS}::int AS number, count(*)::int AS "stepCount",
           sum(checked_count)::int AS applied
    FROM staged_batch_step WHERE batch_id = ${batchId} AND kind = 'PROMOTE_RANGE'
    GROUP BY 1 ORDER BY 1 DESC LIMIT 1`);
  return rows[0] ?? null;
}

/** Whether records of a batch may refer to others of it: those of a file of devices never do. */
async function bringsTarget(client: ClientBase, batchId: string): Promise<boolean> {
  const { rows } = await client.query<{ types: number }>(sql`
    SELECT count(DISTINCT entity_type)::int AS types FROM staged_record WHERE batch_id = ${batchId}`);
  return (rows[0]?.types ?? 0) > 1;
}
