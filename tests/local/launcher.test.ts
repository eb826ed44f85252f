import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processCommandLine } from '../../src/platform/processes.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  cleanUp,
  killLauncher,
  type LaunchedSupergraph,
  type LaunchSettings,
  launchStandIns,
  newLaunchSettings,
  recordedEvents,
} from './launchedSupergraph.ts';

let settings: LaunchSettings;
let launched: LaunchedSupergraph[];

function start(): LaunchedSupergraph {
  const supergraph = launchStandIns(settings);
  launched.push(supergraph);
  return supergraph;
}

function postmasterPid(): number {
  const path = join(settings.dataDir, 'postgres/data/postmaster.pid');
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : Number.NaN;
}

beforeEach(async () => {
  settings = await newLaunchSettings();
  launched = [];
});

afterEach(() => cleanUp(settings, launched));

it('stops in order on Ctrl-C, also when it arrives twice, and leaves nothing behind', async () => {
  const supergraph = start();
  await supergraph.says('Up');
  const pid = postmasterPid();
  supergraph.process.kill('SIGINT');
  supergraph.process.kill('SIGINT');

  expect(await supergraph.exited).toBe(0);
  const stops = recordedEvents(settings).filter((event) => event.endsWith('stops'));
  expect(stops[0]).toBe('gateway stops');
  expect(stops.slice(1).sort()).toEqual(['enrollment stops', 'identity stops']);
  expect(processCommandLine(pid)).toBe('');
  expect(existsSync(join(settings.dataDir, 'start.lock'))).toBe(false);
});

it('does not wait for a service that hangs once it is told for the third time', async () => {
  const supergraph = start();
  await supergraph.says('Up');
  await fetch(`http://127.0.0.1:${settings.gatewayPort}/hang`);
  supergraph.process.kill('SIGINT');
  await waitFor('the gateway to be told', () => recordedEvents(settings).includes('gateway stops'));
  supergraph.process.kill('SIGINT');
  supergraph.process.kill('SIGTERM');

  expect(await supergraph.exited).toBe(0);
  expect(existsSync(join(settings.dataDir, 'start.lock'))).toBe(false);
});

it('stops in order when its terminal is closed', async () => {
  const supergraph = start();
  await supergraph.says('Up');
  supergraph.process.stdout?.destroy();
  supergraph.process.stderr?.destroy();
  supergraph.process.kill('SIGHUP');

  expect(await supergraph.exited).toBe(0);
  expect(recordedEvents(settings)).toContain('gateway stops');
  expect(existsSync(join(settings.dataDir, 'start.lock'))).toBe(false);
});

it('keeps the data between starts', async () => {
  const urlOf = (supergraph: LaunchedSupergraph): string =>
    supergraph.output().match(/Up (\S+)/)?.[1] ?? '';
  const query = async (supergraph: LaunchedSupergraph, sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: urlOf(supergraph) });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };
  const first = start();
  await first.says('Up');
  await query(first, 'CREATE TABLE kept AS SELECT 1 AS one');
  first.process.kill('SIGTERM');
  await first.exited;

  const second = start();
  await second.says('Up');
  expect(await query(second, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
});

it('names the port that is taken and its variable in one line, and starts nothing', async () => {
  const other = createServer();
  await new Promise<void>((resolve) =>
    other.listen(settings.identityPort, '127.0.0.1', () => resolve()),
  );
  const supergraph = start();
  expect(await supergraph.exited).toBe(1);
  other.close();

  const lines = supergraph.output().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`Port ${settings.identityPort} is already in use`);
  expect(lines[0]).toContain('IDENTITY_PORT');
  expect(existsSync(join(settings.dataDir, 'postgres'))).toBe(false);
});

it('refuses a second start on the same data in one line that names port and variable', async () => {
  const first = start();
  await first.says('Up');
  const second = start();
  expect(await second.exited).toBe(1);

  const lines = second.output().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`port ${settings.gatewayPort}`);
  expect(lines[0]).toContain('GATEWAY_PORT');
  expect(lines[0]).toContain('DATA_DIR');
});

it('shows the last lines of a service that dies, and stops the others', async () => {
  const supergraph = start();
  await supergraph.says('Up');
  await fetch(`http://127.0.0.1:${settings.enrollmentPort}/die`).catch(() => {});

  expect(await supergraph.exited).toBe(1);
  expect(supergraph.output()).toContain('The enrollment service ended (exit code 3)');
  expect(supergraph.output()).toContain('something went very wrong');
  expect(recordedEvents(settings)).toContain('gateway stops');
  expect(recordedEvents(settings)).toContain('identity stops');
});

it('leaves no service behind when it is killed, and starts again on what is left', async () => {
  const killed = start();
  await killed.says('Up');
  const leftPid = postmasterPid();
  await killLauncher(settings, killed);
  const ends = recordedEvents(settings).filter((event) => event.endsWith('is left alone'));
  expect(ends).toHaveLength(3);

  const next = start();
  await next.says('Up');
  expect(postmasterPid()).not.toBe(leftPid);
  next.process.kill('SIGTERM');
  expect(await next.exited).toBe(0);
});
