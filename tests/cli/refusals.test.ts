import { afterEach, expect, it } from 'vitest';
import { optionFor } from '../../src/cli/optionNames.ts';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

it('are one line that names the option', async () => {
  gateway = await startStandInGateway(
    {},
    {
      BeginRun: {
        message: 'The batch has\n no record 99999.',
        extensions: { code: 'BAD_USER_INPUT', field: 'input.rowIndexes.0' },
      },
    },
  );

  expect(await gateway.cli('revert', 'batch-1', '--row', '99999')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: --row: The batch has no record 99999. (BAD_USER_INPUT)\n',
  });
});

it.each([
  ['input.filter.ruleId', '--rule'],
  ['filter.ruleId', '--rule'],
  ['input.findings.3.value', '--finding'],
  ['input.values.0.field', '--value'],
  ['input.fieldFrom.0.entityId', '--take'],
  ['input.workspaceId', undefined],
])('%s is %s', (field, option) => {
  expect(optionFor(field)).toBe(option);
});

it('say so where the gateway is no URL, or answers something else', async () => {
  gateway = await startStandInGateway({ WorkspaceBySlug: { workspace: 1 } });

  const noUrl = await gateway.cli('batches', '--workspace', 'demo', '--gateway', 'here');
  const other = await gateway.cli('batches', '--workspace', 'demo');

  expect(noUrl.stderr).toBe('error: --gateway: Give a URL, such as http://127.0.0.1:4000.\n');
  expect(other.stderr).toMatch(/^error: The gateway gave an answer [^\n]+\n$/);
});
