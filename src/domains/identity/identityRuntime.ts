import type { Pool } from 'pg';
import { type Config, ConfigError } from '../../platform/config.ts';
import type { Logger } from '../../platform/logger.ts';
import { createPool } from '../../platform/postgres/pool.ts';
import { createAuditScheduleQueue } from './jobs/auditScheduleQueue.ts';
import { createQueueBackend, type QueueBackend } from './jobs/queueBackend.ts';
import { createStagedBatchQueue, type StagedBatchQueue } from './jobs/stagedBatchQueue.ts';
import { type ArchiveService, createArchiveService } from './services/archive/archiveService.ts';
import { type BackTestService, createBackTestService } from './services/configuration/backTest.ts';
import { createImportService, type ImportService } from './services/imports/importService.ts';
import {
  createPromotionService,
  type PromotionService,
} from './services/promotion/promotionService.ts';
import {
  createRetentionService,
  type RetentionService,
} from './services/retention/retentionService.ts';
import {
  createReversalService,
  type ReversalService,
} from './services/reversal/reversalService.ts';
import {
  createMatchChoiceService,
  type MatchChoiceService,
} from './services/review/chooseMatch.ts';
import {
  createScheduleReconciler,
  type ScheduleReconciler,
} from './services/schedules/reconcileSchedules.ts';
import { createScheduleRunner, type ScheduleRunner } from './services/schedules/runSchedule.ts';
import {
  createScheduleService,
  type ScheduleService,
} from './services/schedules/scheduleService.ts';
import {
  type AuditRunnerService,
  createAuditRunnerService,
} from './services/staging/auditRunnerService.ts';
import { type BatchWatch, createBatchWatch } from './services/staging/batchWatch.ts';
import {
  createIngestionService,
  type IngestionService,
} from './services/staging/ingestionService.ts';
import {
  createLifecycleService,
  type LifecycleService,
} from './services/staging/lifecycleService.ts';
import {
  createProcessingService,
  type ProcessingService,
} from './services/staging/processingService.ts';
import {
  createReconcileService,
  type ReconcileService,
} from './services/staging/reconcileService.ts';

/**
 * The services of the identity domain, wired to a database and a queue. Without Prisma, which takes
 * 45 MB that a worker has no use for.
 */
export interface IdentityRuntime {
  readonly pool: Pool;
  readonly queueBackend: QueueBackend;
  readonly queue: StagedBatchQueue;
  readonly ingestion: IngestionService;
  readonly imports: ImportService;
  readonly auditRunner: AuditRunnerService;
  readonly processing: ProcessingService;
  readonly reconciliation: ReconcileService;
  readonly retention: RetentionService;
  readonly lifecycle: LifecycleService;
  readonly batchWatch: BatchWatch;
  readonly matchChoice: MatchChoiceService;
  readonly promotion: PromotionService;
  readonly reversal: ReversalService;
  readonly archive: ArchiveService;
  readonly schedules: ScheduleService;
  readonly scheduleRunner: ScheduleRunner;
  readonly scheduleReconciler: ScheduleReconciler;
  readonly backTest: BackTestService;
  close(): Promise<void>;
}

/** How many batches one process stages at a time; more of them wait. */
const STAGED_AT_ONCE = 8;

/** @throws ConfigError when `DATABASE_URL` is not set */
export function createIdentityRuntime(
  {
    databaseUrl,
    redisUrl,
    workerConcurrency = 0,
  }: Pick<Config, 'databaseUrl' | 'redisUrl'> & Partial<Pick<Config, 'workerConcurrency'>>,
  logger: Logger,
  redisPrefix = 'identity',
): IdentityRuntime {
  if (databaseUrl === undefined) {
    throw new ConfigError('DATABASE_URL: is required here; `npm start` sets it by itself');
  }
  const connect = (applicationName: string, max: number, waitMs: number): Pool =>
    createPool({
      connectionString: databaseUrl,
      applicationName,
      max,
      waitMs,
      onIdleError: (error) => logger.warn({ err: error }, 'database connection'),
    });
  // A job holds one for as long as its step takes.
  const pool = connect('identity', 10 + workerConcurrency, 5_000);
  // Both are held for as long as rows come in, and an audit takes one of each, in this order.
  const snapshotPool = connect('identity snapshots', STAGED_AT_ONCE, 30_000);
  const stagingPool = connect('identity staging', STAGED_AT_ONCE, 30_000);
  const queueBackend = createQueueBackend({ redisUrl, databaseUrl, redisPrefix }, logger);
  const queue = createStagedBatchQueue(queueBackend);
  const scheduleQueue = createAuditScheduleQueue(queueBackend);
  const ingestion = createIngestionService({ pool, stagingPool, scheduler: queue, logger });
  const batchWatch = createBatchWatch(pool, logger);
  const auditRunner = createAuditRunnerService({
    snapshotPool,
    ingestStagedBatch: ingestion.ingestStagedBatch,
  });
  const { triggerDataAudit } = auditRunner;
  return {
    pool,
    queueBackend,
    queue,
    ingestion,
    imports: createImportService({
      pool,
      ingestStagedBatch: ingestion.ingestStagedBatch,
      logger,
    }),
    auditRunner,
    processing: createProcessingService({ pool, scheduler: queue, logger, databaseUrl }),
    reconciliation: createReconcileService({ pool, scheduler: queue, logger }),
    retention: createRetentionService({ pool, logger }),
    lifecycle: createLifecycleService({ pool, scheduler: queue }),
    batchWatch,
    matchChoice: createMatchChoiceService({ pool, logger }),
    promotion: createPromotionService({ pool, scheduler: queue }),
    reversal: createReversalService({ pool, scheduler: queue }),
    archive: createArchiveService({ pool, ingestStagedBatch: ingestion.ingestStagedBatch }),
    schedules: createScheduleService({ pool }),
    scheduleRunner: createScheduleRunner({ pool, triggerDataAudit, logger }),
    scheduleReconciler: createScheduleReconciler({ pool, queue: scheduleQueue, logger }),
    backTest: createBackTestService({ pool, logger, databaseUrl }),
    async close() {
      batchWatch.close();
      await Promise.all([queue.close(), scheduleQueue.close()]);
      await Promise.all([pool.end(), snapshotPool.end(), stagingPool.end()]);
    },
  };
}
