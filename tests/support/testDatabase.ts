import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './providedServers.ts';

/** The domains that own a database. */
export type TestDatabaseKind = 'identity' | 'enrollment';

export interface TestDatabase {
  readonly connectionString: string;
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of its own for one test file; the identity one has the job engine's
 * schema too. What is not dropped is removed at the end of the run.
 */
export async function createTestDatabase(kind: TestDatabaseKind): Promise<TestDatabase> {
  const { maintenanceUrl, databasePrefix } = inject('servers');
  const name = `${databasePrefix}${kind}_${randomBytes(4).toString('hex')}`;
  await execute(
    maintenanceUrl,
    `CREATE DATABASE ${name} TEMPLATE ${templateName(databasePrefix, kind)}`,
  );
  return {
    connectionString: databaseUrl(maintenanceUrl, name),
    drop: () => execute(maintenanceUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The URL of a Redis for tests, or null where there is none: skip what needs it. */
export function testRedisUrl(): string | null {
  return inject('servers').redisUrl;
}

export function templateName(databasePrefix: string, kind: TestDatabaseKind): string {
  return `${databasePrefix}${kind}_template`;
}

/** The same server, another database. */
export function databaseUrl(maintenanceUrl: string, name: string): string {
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
