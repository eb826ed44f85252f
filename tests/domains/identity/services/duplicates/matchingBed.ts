import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startStagedBatchWorker } from '../../../../../src/domains/identity/jobs/stagedBatchWorker.ts';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import type { DuplicateMatch } from '../../../../../src/domains/identity/services/duplicates/explainMatches.ts';
import type { MatchingEnvironment } from '../../../../../src/domains/identity/services/duplicates/matchDuplicates.ts';
import {
  createProcessingService,
  type ProcessingService,
} from '../../../../../src/domains/identity/services/staging/processingService.ts';
import type { StagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { isProcessAlive } from '../../../../../src/platform/processes.ts';
import { waitFor } from '../../../../support/waitFor.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

/** A finding of duplicates as it is kept. */
export interface DuplicateFinding {
  readonly entityId: string;
  readonly field: string;
  readonly message: string;
  readonly currentValue: string | null;
  readonly related: readonly string[];
  readonly relatedCount: number;
  readonly explanation: readonly DuplicateMatch[] | null;
}

/** Audits whose duplicates are looked for here, or in processes of their own. */
export interface MatchingBed {
  readonly testbed: IdentityTestbed;
  readonly processing: ProcessingService;
  /** What a search needs to know of the bed. */
  readonly environment: MatchingEnvironment;
  readonly workspaceId: string;
  readonly actorId: string;
  /** Starts an audit. */
  trigger(): Promise<string>;
  /** Audits the workspace. */
  audit(): Promise<StagedBatch>;
  duplicates(batchId: string, entityType?: EntityType): Promise<readonly DuplicateFinding[]>;
  /** The process ids of searches that are under way. */
  matchingProcesses(): Promise<readonly number[]>;
  untilMatching(): Promise<number>;
  untilNoneIsMatching(): Promise<void>;
}

/** @param inProcessRecords - how many records are compared without a process of their own */
export function useMatchingBed(inProcessRecords: number): MatchingBed {
  let testbed: IdentityTestbed;
  let processing: ProcessingService;
  const logger = pino({ level: 'silent' });
  let workspaceId = '';
  let actorId = '';
  let closeWorker = async (): Promise<void> => {};
  beforeAll(async () => {
    testbed = await createIdentityTestbed();
    const { pool, queue, queueBackend } = testbed.runtime;
    processing = createProcessingService({
      ...{ pool, logger, inProcessRecords },
      scheduler: queue,
      databaseUrl: testbed.connectionString,
    });
    const worker = startStagedBatchWorker(queueBackend, processing, { concurrency: 2, logger });
    await worker.waitUntilReady();
    closeWorker = () => worker.close();
    actorId = await testbed.createUser('reviewer');
  });
  beforeEach(async () => {
    workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  });
  afterAll(async () => {
    await closeWorker();
    await testbed.close();
  });
  const matchingProcesses = async (): Promise<readonly number[]> => {
    const { rows } = await testbed.runtime.pool.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'identity matching %'`,
    );
    // PostgreSQL learns late that one has gone that waited for a lock.
    return rows.map(({ name }) => Number(name.split(' ').at(-1))).filter(isProcessAlive);
  };
  const trigger = async (): Promise<string> => {
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy: actorId,
    });
    return batch.id;
  };
  return {
    get testbed() {
      return testbed;
    },
    get processing() {
      return processing;
    },
    get environment() {
      return {
        ...{ logger, inProcessRecords, connectionString: testbed.connectionString },
        stopping: new AbortController().signal,
      };
    },
    get workspaceId() {
      return workspaceId;
    },
    get actorId() {
      return actorId;
    },
    trigger,
    audit: async () => testbed.untilResting(await trigger()),
    async duplicates(batchId, entityType = 'contact') {
      const { rows } = await testbed.runtime.pool.query<DuplicateFinding>(
        `SELECT entity_id AS "entityId", field, message, current_value AS "currentValue",
                related_entity_ids AS related, related_count AS "relatedCount", explanation
         FROM finding WHERE batch_id = $1 AND rule_id = $2 ORDER BY row_index`,
        [batchId, `${entityType}.duplicate`],
      );
      return rows;
    },
    matchingProcesses,
    untilMatching: () =>
      waitFor('a process to look for duplicates', async () => (await matchingProcesses())[0]),
    async untilNoneIsMatching() {
      await waitFor('no process to look for duplicates any more', async () =>
        (await matchingProcesses()).length === 0 ? true : undefined,
      );
    },
  };
}
