import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findFreePort } from '../../src/platform/freePort.ts';
import { waitFor } from './waitFor.ts';

/** A Redis for tests; `url` is null where none is installed. */
export interface RedisServer {
  readonly url: string | null;
  stop(): Promise<void>;
}

/** @param folder - for its process id; it keeps no data */
export async function startRedis(folder: string): Promise<RedisServer> {
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given, stop: async () => {} };
  const port = await findFreePort();
  const child = spawnRedis(folder, port);
  if (!(await hasStarted(child))) return { url: null, stop: async () => {} };

  const exited = once(child, 'exit');
  await redisListens(child, folder, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function hasStarted(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}

/** Starts a Redis that keeps no data; see {@link redisListens}. */
export function spawnRedis(folder: string, port: number): ChildProcess {
  return spawn(
    'redis-server',
    [
      ...['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder],
      ...['--save', '', '--appendonly', 'no'],
      // Title and file are how the end of the run, or a later one, finds one that was left behind.
      ...['--proc-title-template', `{title} ${folder}`],
    ],
    { stdio: 'ignore' },
  );
}

/** Resolves when a Redis of {@link spawnRedis} takes connections. */
export async function redisListens(
  child: ChildProcess,
  folder: string,
  port: number,
): Promise<void> {
  await writeFile(join(folder, 'redis.pid'), `${child.pid}`);
  await waitFor('the Redis server to listen', () => isListening(port));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
