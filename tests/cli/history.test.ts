import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const change = {
  id: 'change-2',
  kind: 'UPDATED',
  version: 2,
  before: { phone: '(312) 555-0142', email: null },
  after: { phone: '+13125550142', email: 'ada@example.com' },
  actor: { id: 'user-1', email: 'reviewer@demo.example' },
  batch: { id: 'batch-1', title: 'Data audit' },
  rowIndex: 7,
  createdAt: '2026-11-23T10:00:00.000Z',
  reverted: true,
};
const creation = {
  ...change,
  id: 'change-1',
  kind: 'CREATED',
  version: 1,
  before: null,
  after: { familyName: 'Meier', phone: null },
  actor: null,
  batch: null,
  reverted: false,
};

let gateway: StandInGateway;
beforeEach(async () => {
  const edges = [{ node: change }, { node: creation }];
  gateway = await startStandInGateway({
    History: { entity: { changes: { edges, pageInfo: { endCursor: null, hasNextPage: false } } } },
  });
});
afterEach(() => gateway.stop());

it('says of each change who made it, and what it made of what', async () => {
  const { stdout } = await gateway.cli('history', 'id-7');

  expect(stdout).toContain('phone: "(312) 555-0142" → "+13125550142"');
  expect(stdout).toContain('email: null → "ada@example.com"');
  expect(stdout).toContain('UPDATED (undone)');
  expect(stdout).toContain('reviewer@demo.example');
  expect(stdout).toContain('familyName: "Meier"');
  expect(stdout).not.toContain('phone: null');
});

it('is one change a line as JSON, the newest first', async () => {
  const { stdout } = await gateway.cli('history', 'id-7', '--json');

  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { entityType: 'contact', entityId: 'id-7', ...change },
    { entityType: 'contact', entityId: 'id-7', ...creation },
  ]);
});
