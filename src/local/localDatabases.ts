import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import type { Config } from '../platform/config.ts';
import { startEmbeddedPostgres } from '../platform/postgres/embeddedPostgres.ts';
import { ensureDatabase } from '../platform/postgres/ensureDatabase.ts';
import { QUEUE_SCHEMA } from '../platform/postgres/queueSchema.ts';
import { applyMigrations } from '../platform/postgres/schemaEngine.ts';

/** The databases of a local supergraph, ready to be used. */
export interface LocalDatabases {
  readonly identityUrl: string;
  readonly enrollmentUrl: string;
  /** Where the embedded server keeps its data; undefined where there is none. */
  readonly folder: string | undefined;
  /** Stops the embedded server, if there is one. */
  stop(): Promise<void>;
}

/**
 * Brings up the databases that the configuration does not name on an embedded server, and applies
 * migrations to both.
 *
 * @throws Error when the server does not start, or a migration fails
 */
export async function startLocalDatabases(config: Config): Promise<LocalDatabases> {
  const databases = await findDatabases(config);
  try {
    await migrateIdentityDatabase(databases.identityUrl);
    if (config.redisUrl === undefined) await migrateQueueSchema(databases.identityUrl);
    await migrateEnrollmentDatabase(databases.enrollmentUrl);
    return databases;
  } catch (error) {
    await databases.stop();
    throw error;
  }
}

async function findDatabases(config: Config): Promise<LocalDatabases> {
  const { databaseUrl, enrollmentDatabaseUrl, dataDir } = config;
  if (databaseUrl !== undefined && enrollmentDatabaseUrl !== undefined) {
    return {
      identityUrl: databaseUrl,
      enrollmentUrl: enrollmentDatabaseUrl,
      folder: undefined,
      stop: async () => {},
    };
  }
  const server = await startEmbeddedPostgres({ dataDir, durable: true });
  const embedded = async (name: string): Promise<string> => {
    await ensureDatabase(server.url('postgres'), name);
    return server.url(name);
  };
  try {
    return {
      identityUrl: databaseUrl ?? (await embedded('identity')),
      enrollmentUrl: enrollmentDatabaseUrl ?? (await embedded('enrollment')),
      folder: server.folder,
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** @param connectionString - of an existing database */
export async function migrateIdentityDatabase(connectionString: string): Promise<void> {
  await applyMigrations(connectionString, prismaDirectory('identity'));
}

/** @param connectionString - of an existing database */
export async function migrateEnrollmentDatabase(connectionString: string): Promise<void> {
  await applyMigrations(connectionString, prismaDirectory('enrollment'));
}

/** @param connectionString - of the identity database */
export async function migrateQueueSchema(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}

function prismaDirectory(domain: 'identity' | 'enrollment'): string {
  return join(import.meta.dirname, '../../prisma', domain);
}
