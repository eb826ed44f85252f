import { setTimeout as delay } from 'node:timers/promises';
import type { FlowJob, JobsOptions } from 'bullmq';
import { ExpectedError } from '../../../platform/errors.ts';
import type { ScheduleSteps, StepKey } from '../services/staging/stagedBatchScheduler.ts';
import type { Producer } from './queueBackend.ts';
import { advanceBatchJob, runStepJob, STAGED_BATCH_QUEUE } from './stagedBatchJobs.ts';

/** A caller waits this long for the queue at the most. */
const SCHEDULING_LIMIT_MS = 4_500;

const jobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
};

/** Schedules steps as the children of the job that moves the batch on. */
export function createScheduleSteps(producer: Producer): ScheduleSteps {
  return async ({ id: batchId, attempt }, steps) => {
    const [first] = steps;
    if (first === undefined) return;
    const idPrefix = `${batchId}-${attempt}`;
    await addInTime(producer, {
      name: advanceBatchJob.name,
      queueName: STAGED_BATCH_QUEUE,
      data: advanceBatchJob.payload.parse({ batchId, attempt }),
      opts: { ...jobOptions, jobId: `${idPrefix}-after-${first.kind}` },
      children: steps.map((step) => ({
        name: runStepJob.name,
        queueName: STAGED_BATCH_QUEUE,
        data: runStepJob.payload.parse({ batchId, attempt, ...step }),
        opts: { ...jobOptions, failParentOnFailure: true, jobId: stepJobId(idPrefix, step) },
      })),
    });
  };
}

function stepJobId(prefix: string, { kind, stepIndex }: StepKey): string {
  return `${prefix}-${kind}-${stepIndex}`;
}

async function addInTime(producer: Producer, flow: FlowJob): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([
      producer.add(flow),
      delay(SCHEDULING_LIMIT_MS, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`The queue did not answer within ${SCHEDULING_LIMIT_MS} ms.`);
      }),
    ]);
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
