import {
  createPostgresBackend,
  FlowProducer,
  type Processor,
  Queue,
  Worker,
  withBackend,
} from 'bullmq';
import type { Logger } from '../../../platform/logger.ts';

/** The schema of BullMQ's tables in the identity database. */
export const QUEUE_SCHEMA = 'bullmq';

export type Producer = Pick<FlowProducer, 'add' | 'close'>;
export type QueueReader = Pick<Queue, 'getJob' | 'getWaitingCount' | 'close'>;
export type RunningWorker = Pick<Worker, 'close' | 'waitUntilReady'>;

/** BullMQ on one of its backends; what is above it is the same for both. */
export interface QueueBackend {
  createProducer(): Producer;
  createQueue(name: string): QueueReader;
  createWorker(queue: string, processor: Processor, concurrency: number): RunningWorker;
}

export interface QueueLocation {
  /** Where given, the queue is in Redis; else it is in the identity database. */
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string;
  /** What the keys in Redis begin with: one for each database whose jobs share it. */
  readonly redisPrefix: string;
}

export function createQueueBackend(
  { redisUrl, databaseUrl, redisPrefix }: QueueLocation,
  logger: Logger,
): QueueBackend {
  return redisUrl === undefined
    ? postgresBackend(databaseUrl, logger)
    : redisBackend(redisUrl, redisPrefix, logger);
}

/** A connection that breaks is rebuilt by BullMQ; without a listener the event would end the process. */
function logConnectionErrors(logger: Logger): (error: Error) => void {
  return (error) => logger.warn({ err: error }, 'queue connection');
}

/** A worker that dies is noticed when its lock runs out, and its job given to another. */
const workerOptions = { lockDuration: 15_000, stalledInterval: 5_000 };

function postgresBackend(connectionString: string, logger: Logger): QueueBackend {
  const { FlowProducer, Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString, schema: QUEUE_SCHEMA, max: 4 };
  const onError = logConnectionErrors(logger);
  return {
    createProducer: () => new FlowProducer({ connection }).on('error', onError),
    createQueue: (name) => new Queue(name, { connection }).on('error', onError),
    createWorker: (name, processor, concurrency) =>
      new Worker(name, processor, { connection, concurrency, ...workerOptions }).on(
        'error',
        onError,
      ),
  };
}

function redisBackend(url: string, prefix: string, logger: Logger): QueueBackend {
  // Without the offline queue, a client fails at once while Redis is away.
  const client = {
    prefix,
    connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
  };
  const onError = logConnectionErrors(logger);
  return {
    createProducer: () => new FlowProducer(client).on('error', onError),
    createQueue: (name) => new Queue(name, client).on('error', onError),
    createWorker: (name, processor, concurrency) =>
      new Worker(name, processor, {
        prefix,
        connection: { url, maxRetriesPerRequest: null },
        concurrency,
        ...workerOptions,
      }).on('error', onError),
  };
}
