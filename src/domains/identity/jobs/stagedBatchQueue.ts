import type { FlowJob, JobsOptions } from 'bullmq';
import type { StagedBatchScheduler, StepKey } from '../services/staging/stagedBatchScheduler.ts';
import { answerInTime } from './answerInTime.ts';
import { createLastingProducer } from './lastingProducer.ts';
import type { QueueBackend } from './queueBackend.ts';
import { advanceBatchJob, runStepJob, STAGED_BATCH_QUEUE } from './stagedBatchJobs.ts';

const jobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
};

/** The queue of staged batches, as a client of it. */
export interface StagedBatchQueue extends StagedBatchScheduler {
  /** Whether the queue answers. */
  isAvailable(): Promise<boolean>;
  close(): Promise<void>;
}

export function createStagedBatchQueue(backend: QueueBackend): StagedBatchQueue {
  const lasting = createLastingProducer(() => backend.createProducer());
  const hasJob = async (id: string): Promise<boolean> => {
    const producer = await lasting.connect();
    const flow = await producer.getFlow({ id, queueName: STAGED_BATCH_QUEUE, depth: 1 });
    return flow !== undefined;
  };
  return {
    schedule: (batch, steps) =>
      answerInTime(async () => {
        const producer = await lasting.connect();
        await producer.add(flowOf(batch, steps));
      }),
    isScheduled: (batch) => answerInTime(() => hasJob(advanceJobId(batch))),
    isAvailable: () =>
      answerInTime(() => hasJob('any')).then(
        () => true,
        () => false,
      ),
    close: lasting.close,
  };
}

type BatchAttempt = Parameters<StagedBatchScheduler['schedule']>[0];

/** The job that moves the batch on, with the steps as its children. */
function flowOf(batch: BatchAttempt, steps: readonly StepKey[]): FlowJob {
  const data = { batchId: batch.id, attempt: batch.attempt };
  return {
    name: advanceBatchJob.name,
    queueName: STAGED_BATCH_QUEUE,
    data: advanceBatchJob.payload.parse(data),
    opts: { ...jobOptions, jobId: advanceJobId(batch) },
    children: steps.map(({ kind, stepIndex }) => ({
      name: runStepJob.name,
      queueName: STAGED_BATCH_QUEUE,
      data: runStepJob.payload.parse({ ...data, kind, stepIndex }),
      opts: {
        ...jobOptions,
        failParentOnFailure: true,
        jobId: `${batch.id}-${batch.attempt}-${kind}-${stepIndex}`,
        // Batches take turns: the first steps of a small one go before the last of a large one.
        priority: stepIndex + 1,
      },
    })),
  };
}

function advanceJobId({ id, attempt }: BatchAttempt): string {
  return `${id}-${attempt}-advance`;
}
