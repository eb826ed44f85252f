import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { resolveUserId } from '../src/domains/identity/services/userService.ts';
import { createWorkspace } from '../src/domains/identity/services/workspaceService.ts';
import { migrateIdentityDatabase, migrateQueueSchema } from '../src/local/localDatabases.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embeddedPostgres.ts';
import { ensureDatabase } from '../src/platform/postgres/ensureDatabase.ts';
import { createPool } from '../src/platform/postgres/pool.ts';

/** A database of its own, with one workspace. */
export interface BenchDatabase {
  readonly connectionString: string;
  readonly pool: Pool;
  readonly workspaceId: string;
  readonly userId: string;
  close(): Promise<void>;
}

/** Starts an embedded PostgreSQL as `npm start` does: durable, with the same settings. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'identity-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, durable: true });
  const connectionString = server.url('identity');
  await ensureDatabase(server.url('postgres'), 'identity');
  await migrateIdentityDatabase(connectionString);
  await migrateQueueSchema(connectionString);
  const logger = pino({ level: 'warn' });
  const pool = createPool({
    connectionString,
    applicationName: 'bench',
    max: 10,
    waitMs: 5_000,
    onIdleError: (error) => logger.warn(error),
  });
  const userId = await resolveUserId(pool, {
    issuer: 'urn:bench',
    subject: 'bench',
    email: null,
    emailVerified: false,
    name: null,
  });
  const workspaceId = await createWorkspace(pool, {
    slug: 'bench',
    name: null,
    defaultCountry: 'US',
    createdBy: userId,
  });
  return {
    connectionString,
    pool,
    workspaceId,
    userId,
    async close() {
      await pool.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rm(server.folder, { recursive: true, force: true });
    },
  };
}
