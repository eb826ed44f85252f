import { appendFile, chmod, cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findInstalledBinaries,
  placeBinaries,
} from '../../../src/platform/postgres/embeddedBinaries.ts';
import { prepareServerFolder } from '../../../src/platform/postgres/embeddedFolder.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/postgres/embeddedPostgres.ts';
import { ensureDatabase } from '../../../src/platform/postgres/ensureDatabase.ts';
import { processCommandLine } from '../../../src/platform/processes.ts';
import { createTemporaryFolder } from '../../support/temporaryFolder.ts';
import { waitFor } from '../../support/waitFor.ts';

const isRoot = process.getuid?.() === 0;

let dataDir: string;
let started: EmbeddedPostgres[];

beforeEach(async () => {
  dataDir = await createTemporaryFolder('postgres');
  started = [];
});

afterEach(async () => {
  for (const server of started) {
    await server.stop();
    await rm(server.folder, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  started.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

function pidPath(server: EmbeddedPostgres): string {
  return join(server.folder, 'data/postmaster.pid');
}

async function pidOf(server: EmbeddedPostgres): Promise<number> {
  return Number.parseInt(await readFile(pidPath(server), 'utf8'), 10);
}

it('keeps its data between starts', async () => {
  const first = await start();
  await ensureDatabase(first.url('postgres'), 'kept');
  await ensureDatabase(first.url('postgres'), 'kept');
  await query(first.url('kept'), 'CREATE TABLE things AS SELECT 1 AS one');
  await first.stop();

  const second = await start();
  expect(await query(second.url('kept'), 'SELECT one FROM things')).toEqual([1]);
});

it('sorts by code point, and knows the letters beyond ASCII', async () => {
  const server = await start();
  const sorted = await query(
    server.url('postgres'),
    "SELECT word FROM unnest(ARRAY['é', 'b', 'Z', 'a']) word ORDER BY word",
  );
  expect(sorted).toEqual(['Z', 'a', 'b', 'é']);
  expect(await query(server.url('postgres'), "SELECT upper('é')")).toEqual(['É']);
});

it('admits nobody without the password, which others cannot read', async () => {
  const server = await start();
  const url = new URL(server.url('postgres'));
  url.password = 'guessed';
  await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  const { mode } = await stat(join(server.folder, 'password'));
  expect(mode & 0o777).toBe(0o600);
});

it('writes no data into its log, whatever it refuses', async () => {
  const server = await start();
  const url = server.url('postgres');
  await query(url, 'CREATE TABLE people (name text CHECK (length(name) < 3))');
  await expect(query(url, "INSERT INTO people VALUES ('Okafor')")).rejects.toThrow('people');
  await server.stop();

  const log = await readFile(join(server.folder, 'server.log'), 'utf8');
  expect(log).toContain('violates check constraint');
  expect(log).not.toContain('Okafor');
});

it('starts after the server was killed', async () => {
  const killed = await start();
  const pid = await pidOf(killed);
  process.kill(pid, 'SIGKILL');
  await waitFor('the server to be gone', () => processCommandLine(pid) === '');

  const next = await start();
  expect(await query(next.url('postgres'), 'SELECT 1')).toEqual([1]);
});

it('replaces a server that was left running', async () => {
  const left = await start();
  const pid = await pidOf(left);
  const next = await start();
  expect(await query(next.url('postgres'), 'SELECT 1')).toEqual([1]);
  expect(processCommandLine(pid)).toBe('');
});

it('starts when its old process id belongs to another process by now', async () => {
  const first = await start();
  const stale = (await readFile(pidPath(first), 'utf8')).replace(/^\d+/, `${process.pid}`);
  await first.stop();
  await writeFile(pidPath(first), stale);

  const next = await start();
  expect(await query(next.url('postgres'), 'SELECT 1')).toEqual([1]);
});

it("says in the server's own words why it does not start", async () => {
  const first = await start();
  await first.stop();
  await appendFile(join(first.folder, 'data/postgresql.conf'), '\nnonsense = on\n');
  await expect(start()).rejects.toThrow('unrecognized configuration parameter "nonsense"');
});

it('completes binaries that were installed without their install script', async () => {
  const { initdb } = await findInstalledBinaries();
  const root = join(dataDir, 'package');
  await cp(join(dirname(initdb), '../..'), root, { recursive: true, verbatimSymlinks: true });
  for (const name of ['libpq.so.5', 'libicuuc.so.60']) {
    await rm(join(root, 'native/lib', name), { force: true });
  }
  const installed = {
    initdb: join(root, 'native/bin/initdb'),
    pgCtl: join(root, 'native/bin/pg_ctl'),
    postgres: join(root, 'native/bin/postgres'),
  };
  const folder = await prepareServerFolder(dataDir);
  expect(await placeBinaries(installed, folder)).toEqual(installed);

  await chmod(root, 0o700);
  const placed = await placeBinaries(installed, folder);
  if (isRoot) expect(placed.initdb.startsWith(folder.path)).toBe(true);
  else expect(placed).toEqual(installed);
});

describe.runIf(isRoot)('started by root', () => {
  it('runs as an ordinary account', async () => {
    const server = await start();
    const { uid } = await stat(join(server.folder, 'data'));
    expect(uid).not.toBe(0);
    expect((await stat(`/proc/${await pidOf(server)}`)).uid).toBe(uid);
  });

  it('moves to the state folder where the data folder is closed to that account', async () => {
    await chmod(dataDir, 0o700);
    const first = await start();
    expect(first.folder.startsWith(dataDir)).toBe(false);
    await query(first.url('postgres'), 'CREATE TABLE things AS SELECT 1 AS one');
    await first.stop();

    await chmod(dataDir, 0o755);
    const second = await start();
    expect(second.folder).toBe(first.folder);
    expect(await query(second.url('postgres'), 'SELECT one FROM things')).toEqual([1]);
  });

  it('refuses to start anew where its data can no longer be reached', async () => {
    const first = await start();
    await first.stop();
    await chmod(dataDir, 0o700);
    await expect(start()).rejects.toThrow(`The database in ${first.folder} belongs to an account`);
  });
});
