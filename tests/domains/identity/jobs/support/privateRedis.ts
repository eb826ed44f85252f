import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findFreePort } from '../../../../../src/platform/freePort.ts';
import { createTemporaryFolder } from '../../../../support/temporaryFolder.ts';
import { waitFor } from '../../../../support/waitFor.ts';

/** Whether this machine has a `redis-server`; skip what needs one of its own where it has not. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis that a test may break. It keeps nothing on disk: started again, it is empty. */
export interface PrivateRedis {
  readonly url: string;
  /** Ends it without a warning; its port then refuses connections. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it from answering, with its connections open, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  /** Loses all data. */
  flush(): Promise<void>;
}

export async function startPrivateRedis(): Promise<PrivateRedis> {
  const folder = await createTemporaryFolder('redis');
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  let child = await spawnRedis(folder, port);
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await spawnRedis(folder, port);
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async flush() {
      const client = new Redis(url);
      await client.flushall();
      await client.quit();
    },
  };
}

async function spawnRedis(folder: string, port: number) {
  const child = spawn(
    'redis-server',
    [
      ...['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder],
      ...['--save', '', '--appendonly', 'no'],
      // Title and file are how the end of the run finds a server that is still there.
      ...['--proc-title-template', `{title} ${folder}`],
    ],
    { stdio: 'ignore' },
  );
  await writeFile(join(folder, 'redis.pid'), `${child.pid}`);
  await waitFor('the Redis server to listen', () => isListening(port));
  return child;
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
