import type { StepKind } from '../../generated/prisma/enums.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** A part of a batch's work: see the `staged_batch_step` table. */
export interface StepKey {
  readonly kind: StepKind;
  readonly stepIndex: number;
}

type ScheduledBatch = Pick<StagedBatch, 'id' | 'attempt'>;

/** The queue, as the services know it. */
export interface StagedBatchScheduler {
  /**
   * Hands steps of a batch to the queue. They run in any order; then the batch is advanced.
   *
   * @throws `QUEUE_UNAVAILABLE` within five seconds when the queue is away
   */
  schedule(batch: ScheduledBatch, steps: readonly StepKey[]): Promise<void>;
  /**
   * Whether the queue still has what was scheduled for this attempt of a batch.
   *
   * @throws `QUEUE_UNAVAILABLE` within five seconds when the queue is away
   */
  isScheduled(batch: ScheduledBatch): Promise<boolean>;
}
