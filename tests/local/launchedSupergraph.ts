import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPorts } from '../../src/local/checkPorts.ts';
import { readConfig } from '../../src/platform/config.ts';
import { findFreePort } from '../../src/platform/freePort.ts';
import { removeFolder } from '../support/leftovers.ts';
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
  /** Waits until it has printed this. */
  says(text: string): Promise<void>;
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

/** Launches stand-in services on a real embedded PostgreSQL; `Up` is the last that is printed. */
export function launchStandIns(settings: LaunchSettings): LaunchedSupergraph {
  return launch(join(import.meta.dirname, 'fixtures/standInSupergraph.ts'), settings, {});
}

/** Does what `npm start` does. */
export function launchRealServices(
  settings: LaunchSettings,
  environment: NodeJS.ProcessEnv = {},
): LaunchedSupergraph {
  return launch(join(import.meta.dirname, '../../src/local/start.ts'), settings, environment);
}

function launch(
  script: string,
  settings: LaunchSettings,
  environment: NodeJS.ProcessEnv,
): LaunchedSupergraph {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...environmentOf(settings), ...environment },
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
    says: async (text) => {
      await waitFor(`"${text}" to be said; it said: ${output}`, () => output.includes(text), {
        timeoutMs: 60_000,
      });
    },
  };
}

function environmentOf(settings: LaunchSettings): NodeJS.ProcessEnv {
  return {
    DATA_DIR: settings.dataDir,
    GATEWAY_PORT: `${settings.gatewayPort}`,
    IDENTITY_PORT: `${settings.identityPort}`,
    ENROLLMENT_PORT: `${settings.enrollmentPort}`,
  };
}

/** Kills a launcher without a warning, and waits until its services have noticed. */
export async function killLauncher(
  settings: LaunchSettings,
  { process: child, exited }: LaunchedSupergraph,
): Promise<void> {
  child.kill('SIGKILL');
  await exited;
  await waitFor('the services to end', () =>
    checkPorts(readConfig(environmentOf(settings))).then(
      () => true,
      () => false,
    ),
  );
}

/** What the stand-in services recorded, such as `gateway stops`. */
export function recordedEvents({ dataDir }: LaunchSettings): readonly string[] {
  const path = join(dataDir, 'events');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => line.replace(/ \d+$/, ''));
}

/** Stops what still runs, the database of a killed launcher too, and removes the data. */
export async function cleanUp(
  { dataDir }: LaunchSettings,
  launched: readonly LaunchedSupergraph[],
): Promise<void> {
  for (const { process: child, exited } of launched) {
    child.kill('SIGTERM');
    await exited;
  }
  await removeFolder(dataDir);
}
