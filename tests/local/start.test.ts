import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFreePort } from '../../src/platform/freePort.ts';
import {
  cleanUp,
  killLauncher,
  type LaunchedSupergraph,
  type LaunchSettings,
  launchRealServices,
  newLaunchSettings,
} from './launchedSupergraph.ts';

let settings: LaunchSettings;
let launched: LaunchedSupergraph[];

function start(environment?: NodeJS.ProcessEnv): LaunchedSupergraph {
  const supergraph = launchRealServices(settings, environment);
  launched.push(supergraph);
  return supergraph;
}

async function stop(supergraph: LaunchedSupergraph): Promise<void> {
  supergraph.process.kill('SIGINT');
  expect(await supergraph.exited).toBe(0);
}

beforeEach(async () => {
  settings = await newLaunchSettings();
  launched = [];
});

afterEach(() => cleanUp(settings, launched));

it('audits the demo once, also when the first start was killed in the middle', async () => {
  const killed = start();
  await killed.says('Preparing the demo workspace');
  await killLauncher(settings, killed);

  const first = start();
  await first.says('Ready');
  expect(first.output()).toContain('The data audit checked 2000 records');
  expect(first.output()).toMatch(/contact\.duplicate +│ WARNING +│ +\d+/);
  const batchId = /--batch (\S+)/.exec(first.output())?.[1];
  expect(first.output()).toContain(
    `GATEWAY_PORT=${settings.gatewayPort} DATA_DIR=${settings.dataDir} npm run --silent cli -- audit`,
  );
  await stop(first);

  const second = start();
  await second.says('Ready');
  expect(second.output()).not.toContain('Preparing');
  expect(second.output()).toContain(`--batch ${batchId}`);
  await stop(second);
}, 120_000);

it('starts without a demo where tokens come from an identity provider', async () => {
  const supergraph = start({
    JWKS_URL: 'http://127.0.0.1:9/jwks.json',
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'identity',
  });
  await supergraph.says('Ready');
  await supergraph.says('There is no demo workspace');
  await stop(supergraph);
}, 60_000);

it('names a variable with a wrong value in one line', async () => {
  const supergraph = start({ GATEWAY_PORT: 'many' });
  expect(await supergraph.exited).toBe(1);
  expect(supergraph.output().trimEnd().split('\n')).toHaveLength(1);
  expect(supergraph.output()).toContain('GATEWAY_PORT');
});

it.each([
  ['DATABASE_URL', (port: number) => `postgres://someone@127.0.0.1:${port}/identity`],
  ['REDIS_URL', (port: number) => `redis://127.0.0.1:${port}`],
])('names %s in one line when nobody answers there', async (variable, url) => {
  const supergraph = start({ [variable]: url(await findFreePort()) });
  expect(await supergraph.exited).toBe(1);
  expect(supergraph.output().trimEnd().split('\n')).toHaveLength(1);
  expect(supergraph.output()).toContain(`${variable}: can't connect`);
});
