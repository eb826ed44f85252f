import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { composeSupergraph } from '../../../src/gateway/composeSupergraph.ts';
import { createTemporaryFolder } from '../../support/temporaryFolder.ts';
import { composeWithRover } from './runRover.ts';

const COMMITTED = join(import.meta.dirname, '../../../supergraph.yaml');

let home: string;
beforeEach(async () => {
  home = await createTemporaryFolder('rover');
});

async function writeConfig(sdl: string): Promise<string> {
  const file = join(home, 'supergraph.yaml');
  await writeFile(join(home, 'identity.graphql'), sdl);
  await writeFile(
    file,
    'federation_version: =2.9.3\nsubgraphs:\n  identity:\n    routing_url: http://127.0.0.1:1/graphql\n    schema: { file: identity.graphql }\n',
  );
  return file;
}

it('composes with the real rover what the gateway serves', async () => {
  const { exitCode, stdout } = await composeWithRover(COMMITTED, home);

  expect(exitCode).toBe(0);
  expect(stdout.trim()).toBe((await composeSupergraph(COMMITTED)).sdl.trim());
});

it('names subgraph and field of what does not compose, and exits as rover does', async () => {
  const file = await writeConfig('type Query { device: Device }');
  const { exitCode, stdout } = await composeWithRover(file, home, ['--format', 'json']);

  expect(exitCode).toBe(1);
  const { error } = JSON.parse(stdout);
  expect(error.code).toBe('E029');
  expect(error.details.build_errors).toEqual([
    expect.objectContaining({
      code: 'INVALID_GRAPHQL',
      message: expect.stringContaining('[identity] Unknown type Device'),
    }),
  ]);
});

it("uses Apollo's own plugin where that is installed", async () => {
  const bin = join(home, '.rover/bin');
  await mkdir(bin, { recursive: true });
  const plugin = join(bin, 'supergraph-v2.9.3');
  const result = { Ok: { supergraphSdl: '# composed by the plugin that is installed', hints: [] } };
  await writeFile(plugin, `#!/bin/sh\necho '${JSON.stringify(result)}'\n`);
  await chmod(plugin, 0o755);

  const { stdout } = await composeWithRover(COMMITTED, home, [
    '--skip-update',
    '--elv2-license',
    'accept',
  ]);
  expect(stdout).toContain('# composed by the plugin that is installed');
});
