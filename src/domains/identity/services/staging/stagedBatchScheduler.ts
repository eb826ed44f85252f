import type { StagedBatch } from './stagedBatch.ts';

/** A part of a batch's work: see the `staged_batch_step` table. */
export interface StepKey {
  readonly kind: 'PROCESS_RANGE' | 'WORKSPACE_RULE' | 'PROMOTE_RANGE';
  readonly stepIndex: number;
}

/**
 * Hands the work of a batch to the queue. Steps run in any order, then the batch is finished.
 *
 * @throws `QUEUE_UNAVAILABLE` within five seconds when the queue is away
 */
export type ScheduleSteps = (
  batch: Pick<StagedBatch, 'id' | 'attempt'>,
  steps: readonly StepKey[],
) => Promise<void>;
