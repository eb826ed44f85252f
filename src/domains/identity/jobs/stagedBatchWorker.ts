import type { Job } from 'bullmq';
import type { Logger } from '../../../platform/logger.ts';
import { isDatabaseAway } from '../../../platform/postgres/pool.ts';
import { StepFailure } from '../services/staging/batchSteps.ts';
import type { ProcessingService } from '../services/staging/processingService.ts';
import type { QueueBackend } from './queueBackend.ts';
import type { RunningWorker } from './runningWorker.ts';
import { advanceBatchJob, runStepJob, STAGED_BATCH_QUEUE } from './stagedBatchJobs.ts';

/** Starts doing the work on staged batches that is in the queue. */
export function startStagedBatchWorker(
  queue: QueueBackend,
  processing: ProcessingService,
  { concurrency, logger }: { readonly concurrency: number; readonly logger: Logger },
): RunningWorker {
  return queue.createWorker(
    STAGED_BATCH_QUEUE,
    async (job) => {
      try {
        await runJob(processing, job);
      } catch (error) {
        await handleFailure(processing, job, error, logger);
        throw error;
      }
    },
    concurrency,
  );
}

async function runJob(processing: ProcessingService, job: Job): Promise<void> {
  switch (job.name) {
    case runStepJob.name: {
      const { kind, stepIndex, ...attempt } = runStepJob.payload.parse(job.data);
      return processing.runStep(attempt, { kind, stepIndex });
    }
    case advanceBatchJob.name:
      return processing.advance(advanceBatchJob.payload.parse(job.data));
    default:
      throw new Error(`There is no job ${job.name}.`);
  }
}

/** Most errors are for the log alone. */
function reasonOf(error: unknown): string {
  return error instanceof StepFailure
    ? `, the last time because ${error.message}`
    : ' for a technical reason';
}

async function handleFailure(
  processing: ProcessingService,
  job: Job,
  error: unknown,
  logger: Logger,
): Promise<void> {
  const tries = job.attemptsMade + 1;
  // While the database is away nothing is the batch's fault: it is scheduled anew when it is back.
  const givenUp = tries >= (job.opts.attempts ?? 1) && !isDatabaseAway(error);
  logger.error({ err: error, jobId: job.id, job: job.data, tries, givenUp }, 'job failed');
  if (!givenUp) return;
  await processing.giveUp(
    advanceBatchJob.payload.parse(job.data),
    `A part of the batch failed ${tries} times${reasonOf(error)}; the worker's log has the details under job ${job.id}.`,
  );
}
