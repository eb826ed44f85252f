import { createPostgresBackend, Queue, withBackend } from 'bullmq';
import { STAGED_BATCH_QUEUE } from '../../../../../src/domains/identity/jobs/stagedBatchJobs.ts';
import { QUEUE_SCHEMA } from '../../../../../src/platform/postgres/queueSchema.ts';

/** How many jobs the queue holds, in whatever state. */
export async function jobsInQueue(
  databaseUrl: string,
  redisUrl: string | undefined,
): Promise<number> {
  const queue =
    redisUrl === undefined
      ? new (withBackend(createPostgresBackend).Queue)(STAGED_BATCH_QUEUE, {
          connection: { connectionString: databaseUrl, schema: QUEUE_SCHEMA },
        })
      : new Queue(STAGED_BATCH_QUEUE, { prefix: 'identity', connection: { url: redisUrl } });
  const counts = await queue.getJobCounts();
  await queue.close();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
