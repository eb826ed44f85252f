import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../freePort.ts';
import { isProcessAlive, processCommandLine } from '../processes.ts';
import { type Run, runAs, succeeds } from './embeddedAccount.ts';
import { type Binaries, findInstalledBinaries, placeBinaries } from './embeddedBinaries.ts';
import { prepareServerFolder, type ServerFolder } from './embeddedFolder.ts';

/** A PostgreSQL server of our own, from npm's binaries, reachable on this machine only. */
export interface EmbeddedPostgres {
  /** Where it keeps its data, password and log; outside the data folder where that is closed. */
  readonly folder: string;
  readonly port: number;
  /** @returns the URL of a database on it, with the password */
  url(database: string): string;
  /** Ends its sessions, stops it and waits until it is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute path; the caller makes sure that nobody else starts a server there. */
  readonly dataDir: string;
  /** A free one is taken where none is given. */
  readonly port?: number;
  /** False gives up the safety of the data in a crash of the machine, for the speed of tests. */
  readonly durable: boolean;
}

interface Server {
  readonly folder: ServerFolder;
  readonly binaries: Binaries;
  readonly run: Run;
  readonly data: string;
  readonly log: string;
}

const superuser = 'postgres';

/** Modest, since the server shares a developer's machine with everything else that runs there. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
  'max_wal_size=2GB',
  'timezone=UTC',
  // Details and statements of errors quote data, and logs outlive what is erased.
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
];

const carelessSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts PostgreSQL on the data in a folder, which is created at the first start. A server that a
 * killed process left behind on it is stopped first.
 *
 * @throws Error with the server's own words when it does not start
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = await prepareServerFolder(options.dataDir);
  const binaries = await placeBinaries(await findInstalledBinaries(), folder);
  const server: Server = {
    folder,
    binaries,
    run: runAs(folder.account),
    data: join(folder.path, 'data'),
    log: join(folder.path, 'server.log'),
  };
  if (existsSync(server.data)) await stopLeftover(server);
  else await createCluster(server, options.durable);

  const password = await readFile(passwordPath(folder), 'utf8');
  const port = await start(server, options);
  return {
    folder: folder.path,
    port,
    url: (database) => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => stop(server),
  };
}

function passwordPath(folder: ServerFolder): string {
  return join(folder.path, 'password');
}

/** Everything sorts by code point, so that lists have the same order on every machine. */
async function createCluster({ folder, binaries, run, data }: Server, durable: boolean) {
  await writeFile(passwordPath(folder), randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (folder.account) {
    await chown(passwordPath(folder), folder.account.uid, folder.account.gid);
  }
  const unfinished = `${data}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await run(binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${superuser}`,
    `--pwfile=${passwordPath(folder)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]);
  await rename(unfinished, data);
}

/** Another process can take a free port before the server does, hence the repetition. */
async function start(server: Server, { port, durable }: EmbeddedPostgresOptions): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await findFreePort());
    const logged = await fileSize(server.log);
    const flags = [...settings, ...(durable ? [] : carelessSettings)].map((set) => `-c ${set}`);
    const started = await succeeds(
      server.run(server.binaries.pgCtl, [
        ...['start', '--wait', '--timeout=60'],
        ...[`--pgdata=${server.data}`, `--log=${server.log}`],
        ...['--options', [`-p ${chosen}`, ...flags].join(' ')],
      ]),
    );
    if (started) return chosen;
    const words = (await readFile(server.log, 'utf8').catch(() => '')).slice(logged).trim();
    if (attempt === 3 || port !== undefined || !words.includes('Address already in use')) {
      throw new Error(`PostgreSQL did not start (data in ${server.data}). It says:\n${words}`);
    }
  }
}

async function fileSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function stop({ binaries, run, data }: Server): Promise<void> {
  const stopWith = (mode: 'fast' | 'immediate'): Promise<string> =>
    run(binaries.pgCtl, ['stop', '--wait', '--timeout=10', `--mode=${mode}`, `--pgdata=${data}`]);
  if (!existsSync(join(data, 'postmaster.pid'))) return;
  await stopWith('fast').catch(() => stopWith('immediate'));
}

/**
 * Looks after what a process that was killed left in `postmaster.pid`: a server that still runs is
 * stopped. Where the id belongs to another process by now the file goes, since PostgreSQL would
 * take that process for the server and refuse to start.
 */
async function stopLeftover(server: Server): Promise<void> {
  const pidPath = join(server.data, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidPath, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || !isProcessAlive(pid)) return;
  if (processCommandLine(pid).includes(server.data)) await stop(server);
  else await rm(pidPath, { force: true });
}
