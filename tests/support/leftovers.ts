import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { processCommandLine } from '../../src/platform/processes.ts';
import { waitFor } from './waitFor.ts';

const pidFiles = ['postmaster.pid', 'redis.pid'];
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

/** Removes what test runs of this user left whose keeper was killed. */
export async function sweepFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => isLeftover(folderPattern, name));
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    if ((await stat(folder)).uid === process.getuid?.()) await removeFolder(folder);
  }
}

/** Removes a folder, having ended the servers whose process ids lie in it. */
export async function removeFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  for (const entry of entries.filter((path) => pidFiles.includes(basename(path)))) {
    const pid = Number.parseInt(await readFile(join(folder, entry), 'utf8').catch(() => ''), 10);
    const isRunning = (): boolean => processCommandLine(pid).includes(folder);
    if (!isRunning()) continue;
    process.kill(pid, 'SIGQUIT');
    await waitFor(`process ${pid} to end`, () => !isRunning());
  }
  await rm(folder, { recursive: true, force: true });
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
