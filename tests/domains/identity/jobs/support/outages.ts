import type { Pool } from 'pg';
import { isDatabaseError } from '../../../../../src/platform/postgres/pool.ts';
import { HAS_REDIS, startPrivateRedis } from './privateRedis.ts';
import { createServiceBed, type ServiceBed } from './serviceBed.ts';

/** The SQLSTATE of a session that PostgreSQL ended so that another could go on. */
const DEADLOCK_DETECTED = '40P01';

/** Services whose queue goes away and comes back. */
export interface Outage {
  readonly bed: ServiceBed;
  begin(): Promise<void>;
  end(): Promise<void>;
  close(): Promise<void>;
}

/** The ways in which the queue can be away, on both backends of the job engine. */
export const OUTAGES: readonly {
  readonly outage: string;
  readonly prepare: () => Promise<Outage>;
}[] = [
  { outage: "the queue's schema dropped", prepare: prepareDroppedSchema },
  { outage: "the queue's schema renamed away", prepare: prepareRenamedSchema },
  ...(HAS_REDIS
    ? [
        { outage: 'Redis stopped', prepare: prepareStoppedRedis },
        { outage: 'Redis silent', prepare: prepareSilentRedis },
      ]
    : []),
];

async function prepareDroppedSchema(): Promise<Outage> {
  const bed = await createServiceBed();
  return {
    bed,
    begin: () => dropQueueSchema(bed.pool),
    end: bed.migrateQueue,
    close: bed.close,
  };
}

/** Drops the queue's schema, again where PostgreSQL chose this session to end a deadlock with the queue's own. */
async function dropQueueSchema(pool: Pool): Promise<void> {
  try {
    await pool.query('DROP SCHEMA bullmq CASCADE');
  } catch (error) {
    if (!isDatabaseError(error, DEADLOCK_DETECTED)) throw error;
    await dropQueueSchema(pool);
  }
}

async function prepareRenamedSchema(): Promise<Outage> {
  const bed = await createServiceBed();
  return {
    bed,
    begin: async () => void (await bed.pool.query('ALTER SCHEMA bullmq RENAME TO bullmq_away')),
    end: async () => void (await bed.pool.query('ALTER SCHEMA bullmq_away RENAME TO bullmq')),
    close: bed.close,
  };
}

async function prepareStoppedRedis(): Promise<Outage> {
  const redis = await startPrivateRedis();
  const bed = await createServiceBed({ redisUrl: redis.url });
  return {
    bed,
    begin: redis.kill,
    end: redis.start,
    async close() {
      await bed.close();
      await redis.kill();
    },
  };
}

/** Its connections stay open, and nobody answers. */
async function prepareSilentRedis(): Promise<Outage> {
  const redis = await startPrivateRedis();
  const bed = await createServiceBed({ redisUrl: redis.url });
  return {
    bed,
    begin: async () => redis.freeze(),
    end: async () => redis.thaw(),
    async close() {
      await bed.close();
      await redis.kill();
    },
  };
}
