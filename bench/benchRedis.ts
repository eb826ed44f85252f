import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort } from '../src/platform/freePort.ts';

export interface BenchRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a Redis of its own that keeps its data as production does; null where none is installed. */
export async function startBenchRedis(): Promise<BenchRedis | null> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-bench-redis-'));
  const port = await findFreePort();
  const child = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder, '--appendonly', 'yes'],
    { stdio: 'ignore' },
  );
  const started = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ]);
  if (!started) {
    await rm(folder, { recursive: true });
    return null;
  }
  const url = `redis://127.0.0.1:${port}`;
  await untilItAnswers(url);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null });
  redis.on('error', () => {});
  for (;;) {
    const answer = await redis
      .connect()
      .then(() => redis.ping())
      .catch(() => null);
    if (answer === 'PONG') break;
    redis.disconnect();
    await delay(50);
  }
  redis.disconnect();
}
