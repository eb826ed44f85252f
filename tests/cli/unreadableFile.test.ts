import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway;
let folder: string;
beforeAll(async () => {
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
  });
  folder = await createTemporaryFolder('cli');
  await mkdir(join(folder, 'folder'));
  await symlink('loop', join(folder, 'loop'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => gateway.stop());

const importFile = (name: string) =>
  gateway.cli('import', join(folder, name), '--workspace', 'demo', '--profile', 'siteImport');

it.each([
  ['a folder', 'folder', 'is a folder. Name a file in it.'],
  ['a pipe', 'pipe', 'is not a regular file.'],
  ['a file that is not there', 'missing', 'There is no file'],
  ['a link to itself', 'loop', "can't be read: too many symbolic links"],
])('import says what is wrong with %s', async (_what, name, message) => {
  const { exitCode, stdout, stderr } = await importFile(name);

  expect({ exitCode, stdout, lines: stderr.trim().split('\n').length }).toEqual({
    exitCode: 1,
    stdout: '',
    lines: 1,
  });
  expect(stderr).toContain(message);
  expect(stderr).toContain(join(folder, name));
});

it.skipIf(process.getuid?.() === 0)('import says that a file is closed to the user', async () => {
  const file = join(folder, 'closed');
  await writeFile(file, 'name\nDepot\n');
  await chmod(file, 0o000);

  expect((await importFile('closed')).stderr).toContain("can't be read: permission denied");
});
