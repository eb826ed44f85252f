import { createPostgresBackend, FlowProducer, type Processor, Worker, withBackend } from 'bullmq';
import type { Logger } from '../../../platform/logger.ts';

/** The schema of BullMQ's tables in the identity database. */
export const QUEUE_SCHEMA = 'bullmq';

export type Producer = Pick<FlowProducer, 'add' | 'close'>;
export type RunningWorker = Pick<Worker, 'close' | 'waitUntilReady'>;

/** BullMQ on one of its backends; what is above it is the same for both. */
export interface QueueBackend {
  createProducer(): Producer;
  createWorker(queue: string, processor: Processor, concurrency: number): RunningWorker;
}

export interface QueueLocation {
  /** Where given, the queue is in Redis; else it is in the identity database. */
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string;
}

export function createQueueBackend(
  { redisUrl, databaseUrl }: QueueLocation,
  logger: Logger,
): QueueBackend {
  return redisUrl === undefined
    ? postgresBackend(databaseUrl, logger)
    : redisBackend(redisUrl, logger);
}

/** A connection that breaks is rebuilt by BullMQ; without a listener the event would end the process. */
function logConnectionErrors(logger: Logger): (error: Error) => void {
  return (error) => logger.warn({ err: error }, 'queue connection');
}

function postgresBackend(connectionString: string, logger: Logger): QueueBackend {
  const { FlowProducer, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString, schema: QUEUE_SCHEMA, max: 4 };
  return {
    createProducer: () => new FlowProducer({ connection }).on('error', logConnectionErrors(logger)),
    createWorker: (queue, processor, concurrency) =>
      new Worker(queue, processor, { connection, concurrency }).on(
        'error',
        logConnectionErrors(logger),
      ),
  };
}

function redisBackend(url: string, logger: Logger): QueueBackend {
  return {
    createProducer: () =>
      // Without the offline queue, adding a job fails at once while Redis is away.
      new FlowProducer({
        connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      }).on('error', logConnectionErrors(logger)),
    createWorker: (queue, processor, concurrency) =>
      new Worker(queue, processor, {
        connection: { url, maxRetriesPerRequest: null },
        concurrency,
      }).on('error', logConnectionErrors(logger)),
  };
}
