import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway;
beforeEach(async () => {
  const members = [
    { user: { id: 'user-1', email: null } },
    { user: { id: 'user-2', email: 'Ann@demo.example' } },
  ];
  gateway = await startStandInGateway({
    MembersOfBatch: { stagedBatch: { workspace: { members } } },
    AssignRecords: { assignRecords: { assignedCount: 2 } },
  });
});
afterEach(() => gateway.stop());

const assign = (...args: string[]) => gateway.cli('assign', 'batch-1', ...args);

it('hands records to a member, who is named by email address', async () => {
  const { stdout } = await assign('--to', 'ann@demo.example', '--row', '7', '--row', '8');

  expect(stdout).toBe('2 records now with ann@demo.example that were not before.\n');
  expect(gateway.asked[1]?.variables).toEqual({
    input: { batchId: 'batch-1', rows: [7, 8], assigneeId: 'user-2' },
  });
});

it('takes those that a filter selects from everybody', async () => {
  const { stdout } = await assign('--nobody', '--severity', 'ERROR', '--json');

  expect(JSON.parse(stdout)).toEqual({ batchId: 'batch-1', assignedCount: 2 });
  expect(gateway.asked).toMatchObject([
    { variables: { input: { batchId: 'batch-1', filter: { severity: 'ERROR' } } } },
  ]);
});

it.each([
  ['somebody who is no member', ['--to', 'eve@demo.example', '--all'], '--to: eve@demo.example'],
  ['nobody and somebody', ['--to', 'ann@demo.example', '--nobody', '--all'], '--nobody'],
  ['no records', ['--nobody'], 'Say what you mean'],
  ['a record and all of them', ['--nobody', '--row', '1', '--all'], '--all does not go with --row'],
])('refuses %s', async (_what, args, message) => {
  const { exitCode, stdout, stderr } = await assign(...args);

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(gateway.asked.map(({ operation }) => operation)).not.toContain('AssignRecords');
});
