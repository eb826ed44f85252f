import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FIXTURE = fileURLToPath(new URL('fixtures/service.ts', import.meta.url));

let portHolder: Server;
let port: number;
let child: ChildProcess;

beforeEach(async () => {
  portHolder = createServer().listen(0, '127.0.0.1');
  await once(portHolder, 'listening');
  ({ port } = portHolder.address() as AddressInfo);
});
afterEach(() => {
  portHolder.close();
  child.kill('SIGKILL');
});

const freePort = async () => {
  portHolder.close();
  await once(portHolder, 'close');
};

function run(environment: NodeJS.ProcessEnv = {}) {
  child = fork(FIXTURE, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'development', IDENTITY_PORT: String(port), ...environment },
  });
  const [output, errors] = [child.stdout, child.stderr].map((stream) => stream && text(stream));
  return { output, errors, exit: once(child, 'exit').then(([code]) => code) };
}

describe('a service process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s and exits with 0', async (signal) => {
    await freePort();
    const { output, exit } = run();
    expect((await once(child, 'message'))[0]).toEqual({ type: 'ready' });

    child.kill(signal);
    child.kill(signal);

    expect(await exit).toBe(0);
    expect(await output).toBe('stopped\n');
  });

  it('stops when its parent goes', async () => {
    await freePort();
    const { output, exit } = run();
    await once(child, 'message');

    child.disconnect();

    expect(await exit).toBe(0);
    expect(await output).toBe('stopped\n');
  });

  it('reports a wrong variable in one line and exits with 1', async () => {
    const { errors, exit } = run({ IDENTITY_PORT: 'many' });

    expect(await exit).toBe(1);
    expect(await errors).toMatch(/^fixture: .*IDENTITY_PORT.*\n$/);
  });

  it('reports a port that is taken in one line and exits with 1', async () => {
    const { errors, exit } = run();

    expect(await exit).toBe(1);
    expect(await errors).toMatch(/^fixture: Port \d+ is taken .*IDENTITY_PORT.*\n$/);
  });
});
