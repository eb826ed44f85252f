import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { z } from 'zod';
import { migrateQueueSchema } from '../../../../../src/local/localDatabases.ts';
import { signDevelopmentToken } from '../../../../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../../../../src/platform/config.ts';
import { findFreePort } from '../../../../../src/platform/freePort.ts';
import { createTemporaryFolder } from '../../../../support/temporaryFolder.ts';
import { createTestDatabase } from '../../../../support/testDatabase.ts';
import { waitFor } from '../../../../support/waitFor.ts';
import { type ServiceProcess, startService } from './serviceProcess.ts';

const identity = join(import.meta.dirname, '../../../../../src/domains/identity');

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()) }))
    .optional(),
});
const auditSchema = z.object({ batchId: z.uuid(), recordCount: z.int() });
const promotionSchema = z.object({ runId: z.uuid() });
const reversalSchema = z.object({ runId: z.uuid() });
const workspaceSchema = z.object({ id: z.uuid() });
const readinessSchema = z.object({ missing: z.array(z.string()).default([]) });

/** What `triggerDataAudit` answered: a batch, or an error. */
export type AuditAnswer = Partial<z.infer<typeof auditSchema>> & {
  readonly code?: unknown;
  readonly message?: string;
};

export interface Subgraph extends ServiceProcess {
  /** Creates a workspace that the caller may audit. */
  createWorkspace(slug: string): Promise<string>;
  triggerDataAudit(workspaceId: string): Promise<AuditAnswer>;
  /** Imports contacts from CSV, and promotes them. */
  importContacts(workspaceId: string, csv: string): Promise<void>;
  /** Uploads contacts as they come, until there is an answer; resolves to that. */
  uploadContacts(workspaceId: string, file: Iterable<Uint8Array>): Promise<string>;
  /** Begins a promotion; resolves to the id of its run. */
  promoteStagedBatch(batchId: string): Promise<string>;
  /** Begins a reversal of all that a batch has changed; resolves to the id of its run. */
  revertPromotion(batchId: string): Promise<string>;
  /** What `/readyz` says is missing; empty where it says that the service is ready. */
  missingParts(): Promise<readonly string[]>;
}

export interface Batch {
  readonly id: string;
  readonly status: string;
  readonly failureReason: string | null;
  readonly attempt: number;
  readonly recordCount: number;
  readonly processedCount: number;
}

/** The identity services as real processes, on a database and a queue that a test may break. */
export interface ServiceBed {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** @param script - in place of the subgraph's own, with arguments for it */
  startSubgraph(script?: string, args?: readonly string[]): Promise<Subgraph>;
  startWorker(environment?: NodeJS.ProcessEnv): Promise<ServiceProcess>;
  /** Makes the queue's schema anew where it is missing. */
  migrateQueue(): Promise<void>;
  /** The batches of a workspace, oldest first. */
  batchesOf(workspaceId: string): Promise<readonly Batch[]>;
  /** Waits until the latest batch of a workspace has one of these statuses. */
  untilBatch(workspaceId: string, statuses: readonly string[], timeoutMs?: number): Promise<Batch>;
  close(): Promise<void>;
}

interface ServiceBedOptions {
  /** Where given, the queue is in this Redis; else it is in the database. */
  readonly redisUrl?: string | undefined;
  /** A migrated database to use instead of one of the test run's. */
  readonly databaseUrl?: string;
}

export async function createServiceBed(options: ServiceBedOptions = {}): Promise<ServiceBed> {
  const database =
    options.databaseUrl === undefined ? await createTestDatabase('identity') : undefined;
  const databaseUrl = options.databaseUrl ?? database?.connectionString ?? '';
  const dataDir = await createTemporaryFolder('services');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  // A test that stops the database breaks these connections too.
  pool.on('error', () => {});
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: options.redisUrl ?? '',
    DATA_DIR: dataDir,
  };
  const processes: ServiceProcess[] = [];
  const started = <T extends ServiceProcess>(process: T): T => {
    processes.push(process);
    return process;
  };
  const batchesOf = async (workspaceId: string): Promise<readonly Batch[]> => {
    const { rows } = await pool.query<Batch>(
      `SELECT id, status, failure_reason AS "failureReason", attempt,
              record_count AS "recordCount", processed_count AS "processedCount"
       FROM staged_batch WHERE workspace_id = $1 ORDER BY id`,
      [workspaceId],
    );
    return rows;
  };
  return {
    databaseUrl,
    pool,
    async startSubgraph(script = join(identity, 'server.ts'), args = []) {
      const port = await findFreePort();
      const process = await startService(
        script,
        { ...environment, IDENTITY_PORT: `${port}` },
        args,
      );
      return started({ ...process, ...subgraphClient(`http://127.0.0.1:${port}`, dataDir) });
    },
    startWorker: async (given = {}) =>
      started(await startService(join(identity, 'worker.ts'), { ...environment, ...given })),
    migrateQueue: () => migrateQueueSchema(databaseUrl),
    batchesOf,
    untilBatch: (workspaceId, statuses, timeoutMs = 30_000) =>
      waitFor(
        `the batch to be ${statuses.join(' or ')}`,
        async () => {
          const batch = (await batchesOf(workspaceId)).at(-1);
          return batch && statuses.includes(batch.status) ? batch : undefined;
        },
        { timeoutMs },
      ),
    async close() {
      await Promise.all(processes.map((process) => process.kill()));
      await pool.end();
      await database?.drop();
    },
  };
}

function subgraphClient(url: string, dataDir: string): Omit<Subgraph, keyof ServiceProcess> {
  const authorization = async (): Promise<string> => {
    const config = readConfig({ DATA_DIR: dataDir });
    return `Bearer ${await signDevelopmentToken(config, 'admin@test.example')}`;
  };
  const post = async (path: string, contentType: string, body: string): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType, authorization: await authorization() },
      body,
    });
  const ask = async (query: string, input: object): Promise<z.infer<typeof answerSchema>> => {
    const body = JSON.stringify({ query, variables: { input } });
    const response = await post('/graphql', 'application/json', body);
    return answerSchema.parse(await response.json());
  };
  return {
    async createWorkspace(slug) {
      const { data } = await ask(
        'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { id } }',
        { slug, defaultCountry: 'US' },
      );
      return workspaceSchema.parse(data?.createWorkspace).id;
    },
    async triggerDataAudit(workspaceId) {
      const { data, errors } = await ask(
        `mutation ($input: TriggerDataAuditInput!) {
           triggerDataAudit(input: $input) { batchId recordCount }
         }`,
        { workspaceId },
      );
      const error = errors?.[0];
      if (error) return { code: error.extensions.code, message: error.message };
      return auditSchema.parse(data?.triggerDataAudit);
    },
    async importContacts(workspaceId, csv) {
      const path = `/imports?workspaceId=${workspaceId}&profile=contactImport&autoPromote=true`;
      const response = await post(path, 'text/csv', csv);
      if (!response.ok) throw new Error(await response.text());
    },
    async uploadContacts(workspaceId, file) {
      const target = `${url}/imports?workspaceId=${workspaceId}&profile=contactImport`;
      const headers = { authorization: await authorization() };
      const upload = request(target, { method: 'POST', headers });
      const source = Readable.from(file, { objectMode: false });
      source.pipe(upload);
      try {
        const [response]: Readable[] = await once(upload, 'response');
        return response === undefined ? '' : await text(response);
      } finally {
        source.destroy();
        upload.destroy();
      }
    },
    async promoteStagedBatch(batchId) {
      const { data, errors } = await ask(
        `mutation ($input: PromoteStagedBatchInput!) {
           promoteStagedBatch(input: $input) { runId }
         }`,
        { batchId },
      );
      if (errors?.[0]) throw new Error(errors[0].message);
      return promotionSchema.parse(data?.promoteStagedBatch).runId;
    },
    async revertPromotion(batchId) {
      const { data, errors } = await ask(
        'mutation ($input: RevertPromotionInput!) { revertPromotion(input: $input) { runId } }',
        { batchId },
      );
      if (errors?.[0]) throw new Error(errors[0].message);
      return reversalSchema.parse(data?.revertPromotion).runId;
    },
    async missingParts() {
      const response = await fetch(`${url}/readyz`);
      const { missing } = readinessSchema.parse(await response.json());
      return response.status === 503 ? missing : [];
    },
  };
}
