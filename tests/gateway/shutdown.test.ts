import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../src/platform/freePort.ts';

const SERVER = fileURLToPath(new URL('../../src/gateway/server.ts', import.meta.url));

let identity: Server;
let asked: PromiseWithResolvers<ServerResponse>;
let gateway: ChildProcess;
let dataDir: string;
let url: string;

/** The gateway as a process, before an identity subgraph that answers when the test says so. */
beforeEach(async () => {
  asked = Promise.withResolvers();
  identity = createServer((_request, response) => asked.resolve(response)).listen(0, '127.0.0.1');
  await once(identity, 'listening');
  dataDir = await mkdtemp(join(tmpdir(), 'gateway-'));
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}/graphql`;
  gateway = fork(SERVER, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DATA_DIR: dataDir,
      GATEWAY_PORT: `${port}`,
      IDENTITY_PORT: `${(identity.address() as AddressInfo).port}`,
    },
  });
  await once(gateway, 'message');
});
afterEach(async () => {
  gateway.kill('SIGKILL');
  identity.close();
  await rm(dataDir, { recursive: true });
});

const ask = () =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ me { id } }' }),
  }).then((response) => response.json());

/** Asks for nothing that the upstream would have to answer: it answers only once. */
const isListening = () =>
  fetch(new URL('/healthz', url)).then(
    () => true,
    () => false,
  );

describe.each(['SIGTERM', 'SIGINT'] as const)('on %s', (signal) => {
  it('requests in flight get their answer, then the process exits', async () => {
    const exit = once(gateway, 'exit');
    const answer = ask();
    const upstream = await asked.promise;

    gateway.kill(signal);
    await expect.poll(isListening).toBe(false);
    upstream.setHeader('content-type', 'application/json').end('{"data":{"me":{"id":"1"}}}');

    expect(await answer).toEqual({ data: { me: { id: '1' } } });
    expect(await exit).toEqual([0, null]);
  });
});
