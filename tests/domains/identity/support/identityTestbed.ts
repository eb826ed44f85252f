import { Redis } from 'ioredis';
import { pino } from 'pino';
import sql, { join, raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import {
  createIdentityRuntime,
  type IdentityRuntime,
} from '../../../../src/domains/identity/identityRuntime.ts';
import { startStagedBatchWorker } from '../../../../src/domains/identity/jobs/stagedBatchWorker.ts';
import {
  ENTITY_TABLES,
  entityColumns,
} from '../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType, FieldsByType } from '../../../../src/domains/identity/rules/entities.ts';
import {
  findStagedBatch,
  type StagedBatch,
} from '../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { resolveUserId } from '../../../../src/domains/identity/services/userService.ts';
import {
  createWorkspace,
  setMember,
} from '../../../../src/domains/identity/services/workspaceService.ts';
import type { Logger } from '../../../../src/platform/logger.ts';
import { createTestDatabase, testRedisUrl } from '../../../support/testDatabase.ts';
import { waitFor } from '../../../support/waitFor.ts';

/** The identity domain's services on a database of their own, with what tests need to arrange. */
export interface IdentityTestbed {
  readonly runtime: IdentityRuntime;
  readonly connectionString: string;
  /** Creates a user who has signed in. */
  createUser(name: string): Promise<string>;
  createWorkspace(options?: { createdBy?: string; defaultCountry?: string }): Promise<string>;
  addMember(workspaceId: string, userId: string, role: Role): Promise<void>;
  /** Puts an entity into production as it is; returns its id. */
  createEntity<T extends EntityType>(
    workspaceId: string,
    entityType: T,
    fields: Partial<FieldsByType[T]> & { readonly state?: 'ACTIVE' | 'ARCHIVED' },
  ): Promise<string>;
  startWorker(): Promise<void>;
  /** Waits until a batch rests: ready for review, or ended. */
  untilResting(batchId: string): Promise<StagedBatch>;
  close(): Promise<void>;
}

/** What an entity has that no test is about, so that no rule finds it missing. */
function recommendedFields(entityType: EntityType, id: string, given: object): object {
  switch (entityType) {
    case 'contact':
      return 'email' in given || 'phone' in given ? {} : { email: `contact-${id}@example.com` };
    case 'site':
      return { locality: 'Chicago' };
    case 'device':
      return { manufacturer: 'Brightmere', model: 'G2' };
  }
}

type Role = 'VIEWER' | 'EDITOR' | 'REVIEWER' | 'ADMIN';

const RESTING = ['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'];

/** The backends of the job engine that tests can run on. */
export const QUEUES: readonly { readonly queue: string; readonly redisUrl: string | undefined }[] =
  [
    { queue: 'PostgreSQL', redisUrl: undefined },
    ...[testRedisUrl()].flatMap((redisUrl) =>
      redisUrl === null ? [] : [{ queue: 'Redis', redisUrl }],
    ),
  ];

export async function createIdentityTestbed({
  redisUrl,
  logger = pino({ level: 'silent' }),
}: {
  readonly redisUrl?: string | undefined;
  readonly logger?: Logger;
} = {}): Promise<IdentityTestbed> {
  const database = await createTestDatabase('identity');
  const { connectionString } = database;
  const redisPrefix = `test-${uuidv7()}`;
  const runtime = createIdentityRuntime(
    { databaseUrl: connectionString, redisUrl },
    logger,
    redisPrefix,
  );
  const { pool } = runtime;
  const closing: (() => Promise<void>)[] = [];
  const createUser = (name: string): Promise<string> =>
    resolveUserId(pool, {
      issuer: 'urn:test',
      subject: name,
      email: `${name}@test.example`,
      emailVerified: true,
      name,
    });
  return {
    runtime,
    connectionString,
    createUser,
    async createWorkspace({ createdBy, defaultCountry } = {}) {
      return createWorkspace(pool, {
        slug: `w-${uuidv7()}`,
        name: null,
        defaultCountry: defaultCountry ?? null,
        createdBy: createdBy ?? (await createUser('admin')),
      });
    },
    addMember: (workspaceId, userId, role) => setMember(pool, { workspaceId, userId, role }),
    async createEntity(workspaceId, entityType, given) {
      const id = uuidv7();
      const fields = { ...recommendedFields(entityType, id, given), ...given };
      const known = entityColumns(entityType).filter(({ field }) => field in fields);
      const columns = ['id', 'workspace_id', 'state', ...known.map(({ column }) => column)];
      const values = [
        id,
        workspaceId,
        given.state ?? 'ACTIVE',
        ...known.map(({ field }) => Reflect.get(fields, field)),
      ];
      await pool.query(sql`
        INSERT INTO ${raw(ENTITY_TABLES[entityType])} (${raw(columns.join(', '))})
        VALUES (${join(values)})`);
      return id;
    },
    async startWorker() {
      const worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
        concurrency: 2,
        logger,
      });
      await worker.waitUntilReady();
      closing.push(() => worker.close());
    },
    untilResting: (batchId) =>
      waitFor('the batch to rest', async () => {
        const batch = await findStagedBatch(pool, batchId);
        return batch !== null && RESTING.includes(batch.status) ? batch : undefined;
      }),
    async close() {
      for (const close of closing) await close();
      await runtime.close();
      if (redisUrl !== undefined) await removeKeys(redisUrl, redisPrefix);
      await database.drop();
    },
  };
}

async function removeKeys(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  await redis.quit();
}
