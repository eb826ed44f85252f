import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../src/platform/freePort.ts';

const PROJECT = join(import.meta.dirname, '..');
const POLL_MS = 10;

/** The longest that anything here is waited for. */
const DEADLINE_MS = 120_000;

/** A copy of this project that `npm run dev` serves, and whose files may be changed. */
export interface DevelopedSupergraph {
  readonly gatewayUrl: string;
  readonly identityUrl: string;
  /** Everything printed so far. */
  output(): string;
  /** Rewrites a file of the copy, by its path in the project. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** Waits until what was asked of an endpoint has this as its data. */
  until(url: string, query: string, data: unknown): Promise<void>;
  /** Waits until this was printed. */
  says(text: string): Promise<void>;
  /** Stops it, removes the copy, and returns the exit code; again the same when called again. */
  stop(): Promise<number | null>;
}

/** Copies the project and starts it, without an account of GraphOS; resolves when it is ready. */
export async function developSupergraph(): Promise<DevelopedSupergraph> {
  const folder = await copyProject();
  const ports = [await findFreePort(), await findFreePort(), await findFreePort()];
  const [gatewayPort, identityPort, enrollmentPort] = ports;
  const child = spawn(process.execPath, ['src/local/dev.ts'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DATA_DIR: join(folder, '.data'),
      GATEWAY_PORT: `${gatewayPort}`,
      IDENTITY_PORT: `${identityPort}`,
      ENROLLMENT_PORT: `${enrollmentPort}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exited = once(child, 'close');
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await isSo())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`Waited in vain for ${what}. It said: ${output}`);
      }
      await delay(POLL_MS);
    }
  };
  const says = (text: string) => until(`"${text}"`, async () => output.includes(text));
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = await exited;
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  await says('Ready').catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    gatewayUrl: `http://127.0.0.1:${gatewayPort}/graphql`,
    identityUrl: `http://127.0.0.1:${identityPort}/graphql`,
    output: () => output,
    async edit(file, change) {
      const path = join(folder, file);
      await writeFile(path, change(await readFile(path, 'utf8')));
    },
    async until(url, query, data) {
      const expected = JSON.stringify({ data });
      await until(expected, async () => (await ask(url, query)) === expected);
    },
    says,
    stop,
  };
}

async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'developed-supergraph-'));
  await cp(join(PROJECT, 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(PROJECT, 'prisma'), join(folder, 'prisma'), { recursive: true });
  for (const file of ['package.json', 'supergraph.yaml']) {
    await cp(join(PROJECT, file), join(folder, file));
  }
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, '.data'));
  return folder;
}

async function ask(url: string, query: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query });
  return fetch(url, { method: 'POST', headers, body }).then(
    (response) => response.text(),
    () => '',
  );
}
