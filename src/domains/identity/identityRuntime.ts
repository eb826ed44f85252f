import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { type Config, ConfigError } from '../../platform/config.ts';
import type { Logger } from '../../platform/logger.ts';
import { createPool } from '../../platform/postgres/pool.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { createQueueBackend, type QueueBackend } from './jobs/queueBackend.ts';
import { createScheduleSteps } from './jobs/scheduleSteps.ts';
import {
  type AuditRunnerService,
  createAuditRunnerService,
} from './services/staging/auditRunnerService.ts';
import {
  createIngestionService,
  type IngestionService,
} from './services/staging/ingestionService.ts';
import {
  createProcessingService,
  type ProcessingService,
} from './services/staging/processingService.ts';

/** The services of the identity domain, wired to a database and a queue. */
export interface IdentityRuntime {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly queue: QueueBackend;
  readonly ingestion: IngestionService;
  readonly auditRunner: AuditRunnerService;
  readonly processing: ProcessingService;
  close(): Promise<void>;
}

/** @throws ConfigError when `DATABASE_URL` is not set */
export function createIdentityRuntime(
  { databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>,
  logger: Logger,
): IdentityRuntime {
  if (databaseUrl === undefined) {
    throw new ConfigError('DATABASE_URL: is required here; `npm start` sets it by itself');
  }
  const pool = createPool(databaseUrl, 'identity', (error) =>
    logger.warn({ err: error }, 'database connection'),
  );
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const queue = createQueueBackend({ redisUrl, databaseUrl }, logger);
  const producer = queue.createProducer();
  const scheduleSteps = createScheduleSteps(producer);
  const ingestion = createIngestionService({ pool, scheduleSteps, logger });
  return {
    pool,
    prisma,
    queue,
    ingestion,
    auditRunner: createAuditRunnerService({ pool, ingestStagedBatch: ingestion.ingestStagedBatch }),
    processing: createProcessingService({ pool, scheduleSteps }),
    async close() {
      await producer.close();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
