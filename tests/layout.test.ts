import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createTemporaryFolder } from './support/temporaryFolder.ts';

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

let project: string;

beforeEach(async () => {
  project = await createTemporaryFolder('layout');
  for (const file of ['biome.json', '.gitignore']) await copyFile(file, join(project, file));
});

afterEach(() => rm(project, { recursive: true, force: true }));

/** Lints a project of these files alone, under the rules of this one. */
async function lint(sources: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, source] of Object.entries(sources)) {
    await mkdir(join(project, dirname(path)), { recursive: true });
    await writeFile(join(project, path), source);
  }
  const biome = resolve('node_modules/@biomejs/biome/bin/biome');
  const arguments_ = [biome, 'lint', '--reporter=json', '--vcs-enabled=false', 'src'];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, {
    cwd: project,
  }).catch((failure: { stdout: string }) => failure);
  return reportSchema
    .parse(JSON.parse(stdout))
    .diagnostics.map(({ category, location }) => `${category} ${location.path}`)
    .sort();
}

/** A file at `from` that imports `to`, types only, since those count as well. */
function arrow(from: string, to: string): Readonly<Record<string, string>> {
  return {
    [from]: `import type { Thing } from '${to}';\nexport type Other = Thing;\n`,
  };
}

it.each([
  ['src/domains/identity/services/workspaceService.ts', '../../enrollment/services/programs.ts'],
  ['src/domains/enrollment/graphql/device.ts', '../../identity/graphql/device.ts'],
  ['src/domains/identity/server.ts', '../../gateway/gateway.ts'],
  ['src/domains/identity/services/staging/ingestionService.ts', '../../graphql/context.ts'],
  ['src/domains/identity/services/staging/ingestionService.ts', '../../jobs/queue.ts'],
  ['src/domains/identity/graphql/staging/mutations.ts', '../../jobs/queue.ts'],
  ['src/domains/identity/graphql/finding.ts', '../rules/catalogue.ts'],
  ['src/domains/identity/jobs/stagedBatchWorker.ts', '../profiles/registry.ts'],
  ['src/domains/identity/profiles/dataAudit.ts', '../services/findings.ts'],
  ['src/domains/identity/rules/values/phone.ts', '../../profiles/registry.ts'],
  ['src/platform/postgres/pool.ts', '../../domains/identity/services/userService.ts'],
  ['src/gateway/server.ts', '../domains/identity/graphql/schema.ts'],
  ['src/cli/audit.ts', '../domains/identity/services/userService.ts'],
  ['src/local/start.ts', '../gateway/server.ts'],
])('refuses an import in %s of %s', async (from, to) => {
  expect(await lint(arrow(from, to))).toEqual([`lint/style/noRestrictedImports ${from}`]);
});

it.each([
  ['src/domains/identity/graphql/contact.ts', '../services/contactService.ts'],
  ['src/domains/identity/graphql/contact.ts', 'graphql/language'],
  ['src/domains/identity/jobs/stagedBatchWorker.ts', '../services/staging/processing.ts'],
  ['src/domains/identity/services/staging/ingestionService.ts', '../../profiles/registry.ts'],
  ['src/domains/identity/profiles/dataAudit.ts', '../rules/catalogue.ts'],
  ['src/domains/identity/rules/phoneInvalid.ts', '../../../platform/errors.ts'],
  ['src/domains/identity/services/userService.ts', '../generated/prisma/client.ts'],
])('allows an import in %s of %s', async (from, to) => {
  expect(await lint(arrow(from, to))).toEqual([]);
});

it('refuses files that import each other', async () => {
  const one = "import { two } from './two.ts';\nexport const one = () => two();\n";
  const two = "import { one } from './one.ts';\nexport const two = (): number => one();\n";
  expect(await lint({ 'src/platform/one.ts': one, 'src/platform/two.ts': two })).toEqual([
    'lint/suspicious/noImportCycles src/platform/one.ts',
    'lint/suspicious/noImportCycles src/platform/two.ts',
  ]);
});
