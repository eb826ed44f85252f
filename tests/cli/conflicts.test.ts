import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const finding = {
  ordinal: 2,
  ruleId: 'contact.phone.format',
  severity: 'INFO',
  field: 'phone',
  message: 'Not in the form of E.164.',
  currentValue: '(312) 555-0142',
  presentValue: '(312) 555-0143',
  suggestedValue: '+13125550142',
  suggestionCertainty: 'CERTAIN',
  editedValue: null,
  decision: 'ACCEPTED',
  version: 1,
  relatedEntityIds: [],
  matches: [],
  ...{ state: 'PERSISTING', firstSeenAt: null, lastSeenAt: null },
};
const record = {
  rowIndex: 7,
  entityType: 'CONTACT',
  status: 'CONFLICT',
  statusReason: 'The contact has been changed since.',
  rawData: {},
  decision: null,
  match: null,
  entity: { id: 'id-7', externalId: 'C-7', version: 4 },
  findings: [finding],
  change: { before: { phone: '(312) 555-0143' }, after: { phone: '+13125550142' } },
};
const row = {
  ...record,
  rowIndex: 9,
  decision: 'ACCEPTED',
  findings: [],
  change: { before: { locality: 'Oslo' }, after: { locality: 'Bergen' } },
};

let gateway: StandInGateway;
beforeEach(async () => {
  const edges = [{ node: record }, { node: row }];
  const records = { edges, pageInfo: { endCursor: null, hasNextPage: false } };
  gateway = await startStandInGateway({
    RecordsUnderReview: { stagedBatch: { records } },
    ResolveConflict: { resolveConflict: { rowIndex: 7, status: 'DECIDED', statusReason: null } },
  });
});
afterEach(() => gateway.stop());

it('are listed with the value in production beside ours', async () => {
  const { stdout } = await gateway.cli('review', 'batch-1', '--status', 'CONFLICT');

  expect(stdout).toMatch(/Found +│ In production +│ Ours/);
  expect(stdout).toMatch(/\(312\) 555-0142 +│ \(312\) 555-0143 +│ \+13125550142/);
  expect(stdout).toMatch(/│ 9 +│ .*│ locality +│ ACCEPTED +│ +│ Oslo +│ Bergen/);
  expect(stdout).toContain('The contact has been changed since.');
  expect(gateway.asked).toMatchObject([{ variables: { inConflict: true } }]);
});

describe('resolve', () => {
  const resolve = (...args: string[]) => gateway.cli('resolve', 'batch-1', ...args);

  it.each([
    ['theirs', ['--theirs'], { resolution: 'THEIRS' }],
    ['ours', ['--ours', '--entity-version', '4'], { resolution: 'OURS', entityVersion: 4 }],
    [
      'another value',
      ['--value', 'phone=+13125550144', '--value', 'email=', '--comment', 'By phone.'],
      {
        resolution: 'EDITED',
        values: [
          { field: 'phone', value: '+13125550144' },
          { field: 'email', value: '' },
        ],
        comment: 'By phone.',
      },
    ],
  ])('takes %s', async (_whose, args, input) => {
    const { exitCode, stdout } = await resolve('--row', '7', ...args);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Record 7: DECIDED\. /);
    expect(gateway.asked).toMatchObject([
      {
        operation: 'ResolveConflict',
        variables: { input: { batchId: 'batch-1', rowIndex: 7, ...input } },
      },
    ]);
  });

  it('is printed as JSON', async () => {
    expect(JSON.parse((await resolve('--row', '7', '--ours', '--json')).stdout)).toEqual({
      ...{ batchId: 'batch-1', rowIndex: 7, status: 'DECIDED', statusReason: null },
    });
  });

  it.each([
    ['no resolution', [], '--theirs, --ours'],
    ['two of them', ['--theirs', '--value', 'phone=1'], '--theirs, --ours'],
    ['a value of no field', ['--value', 'phone'], '--value: "phone"'],
    ['what is no version', ['--ours', '--entity-version', 'x'], '--entity-version: "x"'],
  ])('refuses %s', async (_what, args, message) => {
    const { exitCode, stderr } = await resolve('--row', '7', ...args);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(gateway.asked).toEqual([]);
  });
});
