import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import {
  createQueueBackend,
  type QueueBackend,
} from '../src/domains/identity/jobs/queueBackend.ts';
import { startBenchDatabase } from './benchDatabase.ts';
import { startBenchRedis } from './benchRedis.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';

const ROUNDS = 3;
const PICK_UPS = 50;
const CONCURRENCY = 16;

interface QueueFigures {
  readonly addedPerSecond: number;
  readonly runPerSecond: number;
  readonly pickUpMs: number;
}

/**
 * Jobs that do nothing, on BullMQ's PostgreSQL backend and, as the floor, on Redis: how many a second
 * are added and run, and how long an idle worker takes to pick one up.
 */
export async function benchQueue(jobs: number): Promise<BenchResult> {
  const redis = await startBenchRedis();
  if (redis === null) throw new Error('This benchmark compares with Redis: install redis-server.');
  const database = await startBenchDatabase();
  const databaseUrl = database.connectionString;
  const logger = pino({ level: 'silent' });
  const location = { databaseUrl, redisPrefix: 'bench' };
  try {
    const onPostgres: QueueFigures[] = [];
    const onRedis: QueueFigures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `bench-${round}`;
      const postgres = createQueueBackend({ ...location, redisUrl: undefined }, logger);
      onPostgres.push(await measureQueue(postgres, name, jobs));
      onRedis.push(
        await measureQueue(
          createQueueBackend({ ...location, redisUrl: redis.url }, logger),
          name,
          jobs,
        ),
      );
    }
    const of = (rounds: readonly QueueFigures[], figure: keyof QueueFigures): number =>
      median(rounds.map((round) => round[figure]));
    const taken = jobs / of(onPostgres, 'runPerSecond');
    const floor = jobs / of(onRedis, 'runPerSecond');
    return {
      name: 'queue',
      entities: jobs,
      seconds: taken,
      floorSeconds: floor,
      ratio: taken / floor,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
      postgresAddedPerSecond: of(onPostgres, 'addedPerSecond'),
      redisAddedPerSecond: of(onRedis, 'addedPerSecond'),
      postgresRunPerSecond: of(onPostgres, 'runPerSecond'),
      redisRunPerSecond: of(onRedis, 'runPerSecond'),
      postgresPickUpMs: of(onPostgres, 'pickUpMs'),
      redisPickUpMs: of(onRedis, 'pickUpMs'),
    };
  } finally {
    await database.close();
    await redis.stop();
  }
}

async function measureQueue(
  backend: QueueBackend,
  queueName: string,
  jobs: number,
): Promise<QueueFigures> {
  const producer = backend.createProducer();
  const add = (): Promise<unknown> => producer.add({ name: 'empty', queueName, data: {} });
  const adding = await seconds(async () => {
    for (let job = 0; job < jobs; job += 1) await add();
  });
  let done = 0;
  let onPickUp = (): void => {};
  const running = performance.now();
  const worker = backend.createWorker(
    queueName,
    async () => {
      done += 1;
      onPickUp();
    },
    CONCURRENCY,
  );
  while (done < jobs) await delay(5);
  const ran = (performance.now() - running) / 1_000;
  const pickUps: number[] = [];
  for (let index = 0; index < PICK_UPS; index += 1) {
    // Long enough for the worker to have gone back to waiting.
    await delay(30);
    const picked = new Promise<void>((resolve) => {
      onPickUp = resolve;
    });
    pickUps.push(await seconds(() => Promise.all([add(), picked])));
  }
  await worker.close();
  await producer.close();
  return {
    addedPerSecond: jobs / adding,
    runPerSecond: jobs / ran,
    pickUpMs: median(pickUps) * 1_000,
  };
}
