import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../src/platform/freePort.ts';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { waitFor } from '../support/waitFor.ts';

/** What a launcher is started with. */
export interface LaunchSettings {
  readonly dataDir: string;
  readonly gatewayPort: number;
  readonly identityPort: number;
  readonly enrollmentPort: number;
}

export interface LaunchedSupergraph {
  readonly process: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Resolves to the exit code. */
  readonly exited: Promise<number | null>;
  /** Resolves when the services run. */
  up(): Promise<void>;
}

/** A fresh data folder and free ports. */
export async function newLaunchSettings(): Promise<LaunchSettings> {
  return {
    dataDir: await createTemporaryFolder('launch'),
    gatewayPort: await findFreePort(),
    identityPort: await findFreePort(),
    enrollmentPort: await findFreePort(),
  };
}

/** Launches stand-in services on a real embedded PostgreSQL. */
export function launch(settings: LaunchSettings): LaunchedSupergraph {
  const script = join(import.meta.dirname, 'fixtures/standInSupergraph.ts');
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: settings.dataDir,
      GATEWAY_PORT: `${settings.gatewayPort}`,
      IDENTITY_PORT: `${settings.identityPort}`,
      ENROLLMENT_PORT: `${settings.enrollmentPort}`,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return {
    process: child,
    output: () => output,
    exited: once(child, 'close').then(([code]) => code),
    up: async () => {
      await waitFor(`the supergraph to be up; it said: ${output}`, () => output.includes('Up'), {
        timeoutMs: 30_000,
      });
    },
  };
}

/** What the stand-in services recorded, such as `gateway stops`. */
export function recordedEvents({ dataDir }: LaunchSettings): readonly string[] {
  const path = join(dataDir, 'events');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => line.replace(/ \d+$/, ''));
}

export async function removeData({ dataDir }: LaunchSettings): Promise<void> {
  await rm(dataDir, { recursive: true, force: true });
}
