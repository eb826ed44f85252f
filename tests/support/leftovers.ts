import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { processCommandLine } from '../../src/platform/processes.ts';
import { waitFor } from './waitFor.ts';

const folderPattern = /^identity-subgraph-tests-(\d+)-/;

export function folderPrefixOf(keeperPid: number): string {
  return `identity-subgraph-tests-${keeperPid}-`;
}

/** Names bear the machine too, since process ids say nothing about those of another one. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
const databasePattern = new RegExp(`^subgraph_test_${machine}_(\\d+)_`);

export function databasePrefixOf(keeperPid: number): string {
  return `subgraph_test_${machine}_${keeperPid}_`;
}

function isLeftover(pattern: RegExp, name: string): boolean {
  const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN);
  return Number.isInteger(pid) && !processCommandLine(pid).includes('testServersKeeper');
}

/** Ends the servers of test runs whose keeper was killed, and removes their folders. */
export async function sweepFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => isLeftover(folderPattern, name));
  for (const name of names) {
    const folder = join(tmpdir(), name);
    for (const pidFile of ['postgres/data/postmaster.pid', 'redis.pid']) {
      const pid = Number.parseInt(
        await readFile(join(folder, pidFile), 'utf8').catch(() => ''),
        10,
      );
      const runs = (): boolean => processCommandLine(pid).includes(folder);
      if (!runs()) continue;
      process.kill(pid, 'SIGQUIT');
      await waitFor(`process ${pid} to end`, () => !runs());
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Drops the databases of test runs whose keeper was killed, or those that `isMeant` names. */
export async function sweepDatabases(
  maintenanceUrl: string,
  isMeant = (name: string): boolean => isLeftover(databasePattern, name),
): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    for (const { datname } of rows.filter(({ datname }) => isMeant(datname))) {
      await client.query(
        `DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`,
      );
    }
  } finally {
    await client.end();
  }
}
