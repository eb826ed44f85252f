import type { ClientBase } from 'pg';
import { applyMerges } from '../merge/applyMerges.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import type { NewStep } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Rows } from './applyBisecting.ts';
import { promoteRange, promoterOf } from './promoteRange.ts';

/**
 * Does one step of a promotion.
 *
 * @returns what became of how many, by outcome
 */
export async function promotionStep(
  client: ClientBase,
  batch: StagedBatch,
  run: BatchRun,
  step: Pick<NewStep, 'kind'> & Rows,
): Promise<Readonly<Record<string, number>>> {
  if (step.kind === 'PROMOTE_RANGE') return { ...(await promoteRange(client, batch, run, step)) };
  const promoter = await promoterOf(client, batch, run.actorId);
  return { ...(await applyMerges(client, batch, promoter, step)) };
}
