import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { findFreePort } from '../../../../../src/platform/freePort.ts';
import { redisListens, spawnRedis } from '../../../../support/redisServer.ts';
import { createTemporaryFolder } from '../../../../support/temporaryFolder.ts';

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
  let child = await startRedisProcess(folder, port);
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await startRedisProcess(folder, port);
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

async function startRedisProcess(folder: string, port: number): Promise<ChildProcess> {
  const child = spawnRedis(folder, port);
  await redisListens(child, folder, port);
  return child;
}
