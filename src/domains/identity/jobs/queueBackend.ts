import {
  createPostgresBackend,
  FlowProducer,
  type Processor,
  Queue,
  Worker,
  withBackend,
} from 'bullmq';
import type { Logger } from '../../../platform/logger.ts';
import { QUEUE_SCHEMA } from '../../../platform/postgres/queueSchema.ts';
import { logConnectionErrors } from './connectionErrors.ts';
import { nextRepetition } from './nextRepetition.ts';
import { keepWorkerRunning, type RunningWorker } from './runningWorker.ts';

export type Producer = Pick<FlowProducer, 'add' | 'getFlow' | 'waitUntilReady' | 'close'>;

export type JobSchedulers = Pick<
  Queue,
  | 'getJobSchedulers'
  | 'upsertJobScheduler'
  | 'removeJobScheduler'
  | 'add'
  | 'waitUntilReady'
  | 'close'
>;

/** BullMQ on one of its backends; what is above it is the same for both. */
export interface QueueBackend {
  createProducer(): Producer;
  createJobSchedulers(queue: string): JobSchedulers;
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

/** When a job scheduler comes next: worked out by whoever puts it in, and by who takes its job. */
const settings = { repeatStrategy: nextRepetition };

/** A worker that dies is noticed when its lock runs out, and its job given to another. */
const workerOptions = { lockDuration: 15_000, stalledInterval: 5_000, autorun: false, settings };

function postgresBackend(connectionString: string, logger: Logger): QueueBackend {
  const { FlowProducer, Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString, schema: QUEUE_SCHEMA, max: 4 };
  const onError = logConnectionErrors(logger);
  return {
    createProducer: () => new FlowProducer({ connection }).on('error', onError),
    createJobSchedulers: (name) => new Queue(name, { connection, settings }).on('error', onError),
    createWorker: (name, processor, concurrency) =>
      keepWorkerRunning(processor, onError, (run, report) =>
        new Worker(name, run, { connection, concurrency, ...workerOptions }).on('error', report),
      ),
  };
}

/** BullMQ itself would wait up to 20 seconds between two tries, and so miss that Redis is back. */
const retryStrategy = (tries: number): number => Math.min(tries * 100, 1_000);

function redisBackend(url: string, prefix: string, logger: Logger): QueueBackend {
  // Without the offline queue, a producer fails at once while Redis is away.
  const failFast = { enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  const onError = logConnectionErrors(logger);
  return {
    createProducer: () =>
      new FlowProducer({ prefix, connection: { url, retryStrategy, ...failFast } }).on(
        'error',
        onError,
      ),
    createJobSchedulers: (name) =>
      new Queue(name, { prefix, settings, connection: { url, retryStrategy, ...failFast } }).on(
        'error',
        onError,
      ),
    createWorker: (name, processor, concurrency) =>
      keepWorkerRunning(processor, onError, (run, report) =>
        new Worker(name, run, {
          prefix,
          connection: { url, retryStrategy, maxRetriesPerRequest: null },
          concurrency,
          ...workerOptions,
        }).on('error', report),
      ),
  };
}
