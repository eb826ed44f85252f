import { expect, it } from 'vitest';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { runCli } from './runCli.ts';

it.each([
  ['token', ['token', 'bad']],
  ['--as', ['batches', '--workspace', 'demo', '--as', 'bad']],
])('%s refuses what is no email address', async (_what, args) => {
  const environment = { DATA_DIR: await createTemporaryFolder('cli'), IDENTITY_TOKEN: '' };

  expect(await runCli(args, environment)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: "bad" is not an email address, such as viewer@demo.example.\n',
  });
});
