import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, chown, constants, lstat, mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Account, findServiceAccount, runAs, succeeds } from './embeddedAccount.ts';

/** Where the server keeps its data, its password and its log, and who it runs as. */
export interface ServerFolder {
  readonly path: string;
  /** Undefined where the server runs as this process' own user. */
  readonly account: Account | undefined;
}

/**
 * Makes the server's folder: `postgres` in the data folder, or, where the server's account can't
 * reach that (root's home is closed to others), a private one in the system's state folder.
 *
 * @param dataDir - absolute path of the data folder
 * @throws Error when there is data already that the server's account can no longer reach
 */
export async function prepareServerFolder(dataDir: string): Promise<ServerFolder> {
  const path = join(dataDir, 'postgres');
  await mkdir(dataDir, { recursive: true });
  if (process.getuid?.() !== 0) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return { path, account: undefined };
  }
  const statePath = await stateFolderFor(dataDir);
  if (!hasData(path) && hasData(statePath)) return openStateFolder(statePath);

  const folder = await openFolder(path);
  if (await isReachable(folder)) return folder;
  if (hasData(path)) {
    throw new Error(
      `The database in ${path} belongs to an account that can no longer reach it: let others pass through the folders above it (chmod o+x), or set DATA_DIR to another folder.`,
    );
  }
  await rmdir(path);
  const stateFolder = await openStateFolder(statePath);
  if (await isReachable(stateFolder)) return stateFolder;
  throw new Error(
    `PostgreSQL's account reaches neither ${path} nor ${statePath}: set DATA_DIR to a folder that others can pass through.`,
  );
}

async function stateFolderFor(dataDir: string): Promise<string> {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const isWritable = await access('/var/lib', constants.W_OK).then(
    () => true,
    () => false,
  );
  return isWritable
    ? join('/var/lib/identity-subgraph', name)
    : join(tmpdir(), `identity-subgraph-${name}`);
}

function hasData(path: string): boolean {
  return existsSync(join(path, 'data'));
}

/** Makes the folder where it is missing; one that exists keeps its owner, whom the data belongs to. */
async function openFolder(path: string): Promise<ServerFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid, gid } = await lstat(path);
  if (uid !== 0) return { path, account: { uid, gid } };
  const account = findServiceAccount();
  await chown(path, account.uid, account.gid);
  return { path, account };
}

/** The folder's place can be one that everybody writes to, so nobody else's folder is taken. */
async function openStateFolder(path: string): Promise<ServerFolder> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  const { uid } = findServiceAccount();
  if (!found.isDirectory() || ![0, uid].includes(found.uid)) {
    throw new Error(`${path} is not PostgreSQL's: remove it, or set DATA_DIR to another folder.`);
  }
  return openFolder(path);
}

/** Tried rather than computed from permission bits: access lists and mounts have a say as well. */
function isReachable({ path, account }: ServerFolder): Promise<boolean> {
  return succeeds(runAs(account)('/bin/sh', ['-c', 'test -w "$0" && cd "$0"', path]));
}
