import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../../src/platform/config.ts';
import { findFreePort } from '../../../src/platform/freePort.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '../../../src/platform/graphql/subgraphServer.ts';
import { createTestLogger } from '../../platform/testLogger.ts';
import { createTemporaryFolder } from '../../support/temporaryFolder.ts';
import { waitFor } from '../../support/waitFor.ts';
import { withoutAccount } from './runRover.ts';

const SCRIPT = join(import.meta.dirname, '../../../src/gateway/roverPlugins/dev.ts');
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const BEFORE = `${LINK}type Query { device: Device }\ntype Device @key(fields: "id") { id: ID! }\n`;
const AFTER = BEFORE.replace('{ id: ID! }', '{ id: ID!, model: String }');

let folder: string;
let sdlFile: string;
let subgraph: SubgraphServer;
let gatewayUrl: string;
let rover: ChildProcess;
let output: string;

beforeEach(async () => {
  folder = await createTemporaryFolder('dev');
  sdlFile = join(folder, 'identity.graphql');
  const config = readConfig({ DATA_DIR: folder });
  subgraph = createSubgraphServer({
    schema: buildSubgraphSchema({
      typeDefs: parse(AFTER),
      resolvers: { Query: { device: () => ({ id: '7', model: 'X200' }) } },
    }),
    config,
    port: 0,
    portVariable: 'TEST_PORT',
    logger: createTestLogger().logger,
    buildContext: (request) => request,
    readiness: async () => [],
  });
  const { url } = await subgraph.start();
  await writeFile(
    join(folder, 'supergraph.yaml'),
    `federation_version: =2.9.3\nsubgraphs:\n  identity:\n    routing_url: ${url}/graphql\n    schema: { file: identity.graphql }\n`,
  );
  const port = await findFreePort();
  gatewayUrl = `http://127.0.0.1:${port}`;
  output = '';
});

afterEach(async () => {
  if (rover.exitCode === null) {
    rover.kill('SIGTERM');
    await once(rover, 'close');
  }
  await subgraph.stop();
});

async function startDev(sdl: string): Promise<void> {
  await writeFile(sdlFile, sdl);
  rover = spawn(process.execPath, [SCRIPT, join(folder, 'supergraph.yaml')], {
    env: {
      ...withoutAccount(folder),
      DATA_DIR: folder,
      GATEWAY_PORT: new URL(gatewayUrl).port,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [rover.stdout, rover.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
}

async function ask(query: string): Promise<unknown> {
  const response = await fetch(`${gatewayUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

async function untilServed(query: string, data: unknown): Promise<void> {
  const expected = JSON.stringify({ data });
  let last: unknown;
  await waitFor(`${expected} from the gateway`, async () => {
    last = await ask(query).catch(String);
    return JSON.stringify(last) === expected;
  }).catch((error: unknown) => {
    throw new Error(`${error}: ${JSON.stringify(last)}\n${output}`);
  });
}

it('serves a field as soon as its SDL has it, and keeps serving while the SDL is broken', async () => {
  await startDev(BEFORE);
  await untilServed('{ device { id } }', { device: { id: '7' } });
  expect(output).toContain("Not Apollo's plugins, but this project's");

  await writeFile(sdlFile, BEFORE.replace('ID!', 'Nothing!'));
  await waitFor(`the error to be shown: ${output}`, () => output.includes('Unknown type Nothing'));
  expect(await ask('{ device { id } }')).toEqual({ data: { device: { id: '7' } } });

  await writeFile(sdlFile, AFTER);
  await untilServed('{ device { id model } }', { device: { id: '7', model: 'X200' } });
});

it('waits for a supergraph that composes, and stops with everything that it has started', async () => {
  await startDev('type Query {');
  await waitFor(`the error to be shown: ${output}`, () => output.includes('E029'));

  await writeFile(sdlFile, AFTER);
  await untilServed('{ device { model } }', { device: { model: 'X200' } });

  rover.kill('SIGTERM');
  const [code] = await once(rover, 'close');
  expect(code).toBe(0);
  await waitFor('the gateway to be gone', () =>
    ask('{ device { id } }').then(
      () => false,
      () => true,
    ),
  );
});
