import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { currentRun } from '../staging/batchRun.ts';
import { insertSteps } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { promoterOf } from './promoteRange.ts';
import { planMerges } from './promotionPlan.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/**
 * Goes on from the ranges of a promotion to its merges, which build on what the ranges have applied.
 *
 * @returns the attempt in which that is done; null where there is nothing to merge, or it is done
 */
export async function beginMerging(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  const { rows: before } = await client.query(sql`
    SELECT FROM staged_batch_step WHERE batch_id = ${batch.id} AND kind = 'PROMOTE_MERGES' LIMIT 1`);
  if (before.length > 0) return null;
  const { actorId, scope } = await currentRun(client, batch.id);
  const promoter = await promoterOf(client, batch, actorId);
  const mergeSteps = await withoutNestedLoops(client, () =>
    planMerges(client, batch, promoter, scope),
  );
  if (mergeSteps.length === 0) return null;
  await insertSteps(client, batch.id, mergeSteps);
  const { rows } = await client.query<{ id: string; attempt: number }>(sql`
    UPDATE staged_batch SET attempt = attempt + 1, updated_at = now()
    WHERE id = ${batch.id} RETURNING id, attempt`);
  return rows[0] ?? null;
}
