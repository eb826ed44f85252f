import { setTimeout as delay } from 'node:timers/promises';
import type { FlowJob, JobsOptions } from 'bullmq';
import { ExpectedError } from '../../../platform/errors.ts';
import type { StagedBatchScheduler, StepKey } from '../services/staging/stagedBatchScheduler.ts';
import type { QueueBackend } from './queueBackend.ts';
import { advanceBatchJob, runStepJob, STAGED_BATCH_QUEUE } from './stagedBatchJobs.ts';

/** A caller waits this long for the queue at the most. */
const ANSWER_LIMIT_MS = 4_500;

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
  const producer = backend.createProducer();
  const queue = backend.createQueue(STAGED_BATCH_QUEUE);
  return {
    schedule: async (batch, steps) => {
      await answerInTime(producer.add(flowOf(batch, steps)));
    },
    isScheduled: async (batch) =>
      (await answerInTime(queue.getJob(advanceJobId(batch)))) !== undefined,
    isAvailable: () =>
      answerInTime(queue.getWaitingCount()).then(
        () => true,
        () => false,
      ),
    async close() {
      await Promise.all([producer.close(), queue.close()]);
    },
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

async function answerInTime<T>(answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const deadline = delay(ANSWER_LIMIT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The queue did not answer within ${ANSWER_LIMIT_MS} ms.`);
  });
  try {
    return await Promise.race([answer, deadline]);
  } catch (error) {
    throw new ExpectedError(
      'QUEUE_UNAVAILABLE',
      'The job queue is not available, so nothing was started. Try again in a moment.',
      {},
      { cause: error },
    );
  } finally {
    timer.abort();
  }
}
