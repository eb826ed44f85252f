import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError } from '../platform/config.ts';
import { processCommandLine } from '../platform/processes.ts';

const ownerSchema = z.object({ pid: z.int(), script: z.string(), gatewayPort: z.int() });

type Owner = z.infer<typeof ownerSchema>;

/** What a process must run to be a lock's owner still: process ids are used again. */
const script = basename(process.argv[1] ?? '');

/**
 * Keeps a second supergraph off the data folder, which it creates where it is missing. A lock whose
 * owner was killed is taken over.
 *
 * @returns gives the folder free again
 * @throws {@link ConfigError} naming the owner's port when a supergraph runs on the folder, or
 *   when the folder is closed to this user
 */
export async function lockDataFolder(config: Config): Promise<() => Promise<void>> {
  const path = join(config.dataDir, 'start.lock');
  const owner: Owner = { pid: process.pid, script, gatewayPort: config.gatewayPort };
  try {
    await mkdir(config.dataDir, { recursive: true });
    if (!(await create(path, owner))) {
      await removeStale(path, config);
      if (!(await create(path, owner))) throw refusal(await readOwner(path), config);
    }
  } catch (error) {
    throw isErrno(error, 'EACCES', 'EROFS', 'ENOTDIR', 'EEXIST')
      ? new ConfigError(`DATA_DIR: this user can't write to ${config.dataDir} (${error.code}).`)
      : error;
  }
  return () => rm(path, { force: true });
}

/** Written elsewhere and linked into place, so that nobody ever reads half of it. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${owner.pid}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(path: string, config: Config): Promise<void> {
  const owner = await readOwner(path);
  if (owner && isRunning(owner)) throw refusal(owner, config);
  await rm(path, { force: true });
}

/** @returns undefined where the file is gone or holds no owner */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isRunning(owner: Owner): boolean {
  return owner.pid !== process.pid && processCommandLine(owner.pid).includes(owner.script);
}

function refusal(owner: Owner | undefined, { dataDir, gatewayPort }: Config): ConfigError {
  const port = owner?.gatewayPort ?? gatewayPort;
  return new ConfigError(
    `A supergraph already runs on ${dataDir}${owner ? ` (process ${owner.pid})` : ''}, with its gateway on port ${port}. Stop it, or set DATA_DIR, GATEWAY_PORT, IDENTITY_PORT and ENROLLMENT_PORT to run another beside it.`,
  );
}

function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
