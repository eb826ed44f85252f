import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  migrateEnrollmentDatabase,
  migrateIdentityDatabase,
  migrateQueueSchema,
} from '../../src/local/localDatabases.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embeddedPostgres.ts';
import {
  databasePrefixOf,
  folderPrefixOf,
  removeFolder,
  sweepDatabases,
  sweepFolders,
} from './leftovers.ts';
import type { TestServers } from './providedServers.ts';
import { startRedis } from './redisServer.ts';
import { databaseUrl, templateName } from './testDatabase.ts';

/** What was started, and how to be rid of it. */
export interface StartedTestServers {
  readonly servers: TestServers;
  stop(): Promise<void>;
}

/**
 * Uses the servers that `TEST_DATABASE_URL` and `TEST_REDIS_URL` name, and starts private ones for
 * those that are not named; prepares the databases that tests copy theirs from.
 */
export async function startTestServers(): Promise<StartedTestServers> {
  await sweepFolders();
  const folder = await mkdtemp(join(tmpdir(), folderPrefixOf(process.pid)));
  const undo = [() => removeFolder(folder)];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    // As root, PostgreSQL runs under another account, which has to pass through.
    await chmod(folder, 0o755);
    const databasePrefix = `${databasePrefixOf(process.pid)}${randomBytes(2).toString('hex')}_`;
    const postgres = await startPostgres(folder, databasePrefix);
    undo.push(postgres.stop);
    const redis = await startRedis(folder);
    undo.push(redis.stop);
    const servers = { maintenanceUrl: postgres.url, databasePrefix, redisUrl: redis.url, folder };
    await prepareTemplates(servers);
    return { servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(
  dataDir: string,
  databasePrefix: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    await sweepDatabases(given);
    return {
      url: given,
      stop: () => sweepDatabases(given, (name) => name.startsWith(databasePrefix)),
    };
  }
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  return {
    url: server.url('postgres'),
    stop: async () => {
      await server.stop();
      await removeFolder(server.folder);
    },
  };
}

async function prepareTemplates({ maintenanceUrl, databasePrefix }: TestServers): Promise<void> {
  const identity = templateName(databasePrefix, 'identity');
  const enrollment = templateName(databasePrefix, 'enrollment');
  const client = new pg.Client({ connectionString: maintenanceUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${identity}`);
  await client.query(`CREATE DATABASE ${enrollment}`);
  await client.end();
  await migrateIdentityDatabase(databaseUrl(maintenanceUrl, identity));
  await migrateQueueSchema(databaseUrl(maintenanceUrl, identity));
  await migrateEnrollmentDatabase(databaseUrl(maintenanceUrl, enrollment));
}
