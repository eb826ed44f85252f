import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateIdentityDatabase, migrateQueueSchema } from '../../../src/local/localDatabases.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/postgres/embeddedPostgres.ts';
import { ensureDatabase } from '../../../src/platform/postgres/ensureDatabase.ts';
import { isProcessAlive } from '../../../src/platform/processes.ts';
import { createTemporaryFolder } from '../../support/temporaryFolder.ts';
import { waitFor } from '../../support/waitFor.ts';

/** A PostgreSQL server that a test may break, with a migrated identity database. */
export interface PrivatePostgres {
  readonly databaseUrl: string;
  /** Ends it as a crash would: sessions are cut off, and it recovers at the next start. */
  crash(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const dataDir = await createTemporaryFolder('postgres');
  // What has been committed must be there after a crash.
  const durable = true;
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, durable });
  const { folder, port } = server;
  const databaseUrl = server.url('identity');
  await ensureDatabase(server.url('postgres'), 'identity');
  await migrateIdentityDatabase(databaseUrl);
  await migrateQueueSchema(databaseUrl);
  return {
    databaseUrl,
    async crash() {
      const pidFile = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8');
      const pid = Number.parseInt(pidFile, 10);
      // An immediate shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
      process.kill(pid, 'SIGQUIT');
      await waitFor('PostgreSQL to end', () => !isProcessAlive(pid));
    },
    async start() {
      server = await startEmbeddedPostgres({ dataDir, port, durable });
    },
    stop: () => server.stop(),
  };
}
