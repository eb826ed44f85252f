import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { TestServers } from './providedServers.ts';

/**
 * The servers live in a process of their own that cleans up as soon as this one is gone, because an
 * interrupted vitest exits without tearing down.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const keeper = fork(join(import.meta.dirname, 'testServersKeeper.ts'), {
    execArgv: [],
    detached: true,
  });
  const servers = await receiveServers(keeper);
  project.provide('servers', servers);
  return async () => {
    const exited = once(keeper, 'exit');
    keeper.disconnect();
    await exited;
    if (servers.redisUrl === null) {
      console.log(
        'Skipped: the parts that need Redis, because no redis-server is installed and TEST_REDIS_URL is not set.',
      );
    }
  };
}

function receiveServers(keeper: ChildProcess): Promise<TestServers> {
  return new Promise((resolve, reject) => {
    keeper.once('message', (servers: TestServers) => resolve(servers));
    keeper.once('exit', () => reject(new Error('The servers for the tests did not start.')));
  });
}
