import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const finding = {
  ordinal: 2,
  ruleId: 'contact.phone.format',
  severity: 'INFO',
  field: 'phone',
  message: 'Not in the form of E.164.',
  currentValue: '(312) 555-0142',
  suggestedValue: '+13125550142',
  suggestionCertainty: 'CERTAIN',
  editedValue: null,
  decision: 'OPEN',
  version: 0,
  relatedEntityIds: [],
  matches: [],
  ...{ state: 'NEW', firstSeenAt: '2027-01-02T03:04:05Z', lastSeenAt: '2027-01-02T03:04:05Z' },
};
const likely = {
  ...finding,
  ordinal: 4,
  state: 'PERSISTING',
  suggestedValue: 'Marlow',
  suggestionCertainty: 'LIKELY',
};
const decided = { ...finding, ordinal: 3, field: 'email', decision: 'REJECTED' };
const record = {
  rowIndex: 7,
  entityType: 'CONTACT',
  status: 'NEEDS_REVIEW',
  statusReason: null,
  rawData: {},
  decision: null,
  match: null,
  entity: { id: 'id-7', externalId: 'C-7', version: 4 },
  findings: [finding, decided, likely],
};
const findingCounts = [
  ['contact.required', 'ERROR', 3, 0, 4],
  ['contact.duplicate', 'WARNING', 0, 0, 0],
  ['contact.phone.format', 'INFO', 9, 1.25, 1.5],
].map(([ruleId, severity, openCount, gain, gainIfResolved]) => ({
  ...{ ruleId, severity, openCount, gain, gainIfResolved },
}));
const result = {
  decisionId: 'decision-1',
  decidedCount: 3,
  skipped: [{ reason: 'NO_SUGGESTED_VALUE', message: 'There is no suggested value.', count: 2 }],
};

let gateway: StandInGateway;
beforeEach(async () => {
  const records = {
    edges: [{ node: record }],
    pageInfo: { endCursor: null, hasNextPage: false },
  };
  gateway = await startStandInGateway({
    RecordsUnderReview: { stagedBatch: { records } },
    RulesToReview: { stagedBatch: { findingCounts } },
    Decide: { result },
  });
});
afterEach(() => gateway.stop());

const review = (...args: string[]) => gateway.cli('review', 'batch-1', ...args);

describe('without a decision', () => {
  it('lists what is open on the records under review', async () => {
    const { stdout } = await review();

    expect(stdout).toContain('7:2');
    expect(stdout).toContain('C-7');
    expect(stdout).not.toContain('7:3');
    expect(gateway.asked).toMatchObject([
      { variables: { id: 'batch-1', filter: { status: 'NEEDS_REVIEW' } } },
    ]);
  });

  it('marks suggestions that are likely, and no others', async () => {
    const { stdout } = await review();

    expect(stdout).toContain('Marlow (likely)');
    expect(stdout).not.toContain('+13125550142 (likely)');
  });

  it('lists what is new alone', async () => {
    const { stdout } = await review('--state', 'NEW', '--json');

    expect(JSON.parse(stdout)).toEqual({ ...record, findings: [finding] });
    expect((await review('--state', 'REGRESSED')).stderr).toContain('Nothing of the batch');
  });

  it('lists what a filter selects, one record a line as JSON', async () => {
    const { stdout } = await review(
      ...['--status', 'DECIDED', '--rule', 'contact.phone.format', '--entity-type', 'contact'],
      ...['--field', 'email', '--json'],
    );

    expect(JSON.parse(stdout)).toEqual({ ...record, findings: [decided] });
    expect(gateway.asked).toMatchObject([
      {
        variables: {
          filter: { status: 'DECIDED', ruleId: 'contact.phone.format', entityType: 'CONTACT' },
        },
      },
    ]);
  });
});

describe('by rule', () => {
  it('lists what is to be reviewed, the most to gain by accepting first', async () => {
    const { stdout } = await review('--by-rule');

    expect(stdout).toMatch(
      /phone\.format +│ INFO +│ +9 +│ +\+1\.25 +│ +\+1\.50.*contact\.required/s,
    );
    expect(stdout).not.toContain('contact.duplicate');
    expect(JSON.parse((await review('--by-rule', '--json')).stdout)).toEqual([
      findingCounts[2],
      findingCounts[0],
    ]);
  });

  it('goes with nothing else', async () => {
    const { exitCode, stderr } = await review('--by-rule', '--rule', 'contact.required');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('--by-rule lists all rules, and goes with nothing else.');
  });
});

describe('a decision', () => {
  it.each([
    ['--accept', 'acceptFindings'],
    ['--reject', 'rejectFindings'],
    ['--reopen', 'reopenFindings'],
  ])('%s is one call, by filter', async (flag, mutation) => {
    const { stdout, stderr } = await review(
      ...[flag, '--rule', 'contact.phone.format', '--severity', 'INFO', '--comment', 'As agreed.'],
    );

    expect(stdout).toMatch(/^3 findings \w+\.\n$/);
    expect(stderr).toBe('2 skipped: There is no suggested value.\n');
    expect(gateway.asked).toEqual([
      {
        operation: 'Decide',
        query: expect.stringContaining(`${mutation}(input: $input)`),
        variables: {
          input: {
            batchId: 'batch-1',
            filter: { ruleId: 'contact.phone.format', severity: 'INFO' },
            comment: 'As agreed.',
            dryRun: false,
          },
        },
      },
    ]);
  });

  it('names findings, with values of their own where they are given', async () => {
    await review('--accept', '--finding', '7:2', '--finding', '8:0=a=b', '--finding', '9:1=');

    expect(gateway.asked[0]?.variables).toMatchObject({
      input: {
        findings: [
          { rowIndex: 7, ordinal: 2 },
          { rowIndex: 8, ordinal: 0, value: 'a=b' },
          { rowIndex: 9, ordinal: 1, value: '' },
        ],
      },
    });
  });

  it('to waive gives its reason, and its end', async () => {
    await review('--waive', '--all', '--reason', 'It is meant so.', '--expires', '2027-06-30');

    expect(gateway.asked[0]?.variables).toMatchObject({
      input: { filter: {}, reason: 'It is meant so.', expiresAt: '2027-06-30T00:00:00.000Z' },
    });
  });

  it('that entities are not the same is one of its own', async () => {
    const { stdout } = await review('--not-duplicates', 'id-1', 'id-2', '--comment', 'Twins.');

    expect(stdout).toBe('2 entities are remembered as different ones. 3 findings rejected.\n');
    expect(gateway.asked).toMatchObject([
      {
        query: expect.stringContaining('markNotDuplicates'),
        variables: {
          input: { batchId: 'batch-1', entityIds: ['id-1', 'id-2'], comment: 'Twins.' },
        },
      },
    ]);
  });

  it.each([
    ['--accept', 'ACCEPTED'],
    ['--reject', 'REJECTED'],
    ['--reopen', 'OPEN'],
  ])('%s can be about records as wholes', async (flag, decision) => {
    const { stdout } = await review(flag, '--records', '--row', '7', '--row', '8');

    expect(stdout).toMatch(/^3 records/);
    expect(gateway.asked).toMatchObject([
      {
        query: expect.stringContaining('decideRecords'),
        variables: { input: { records: [{ rowIndex: 7 }, { rowIndex: 8 }], decision } },
      },
    ]);
  });

  it('takes likely suggestions too where that is said', async () => {
    await review('--accept', '--all', '--include-likely');

    expect(gateway.asked[0]?.variables).toMatchObject({ input: { includeLikely: true } });
  });

  it('is only tried where it is a dry run', async () => {
    const { stdout } = await review('--accept', '--all', '--dry-run');

    expect(stdout).toBe('3 findings would be accepted.\n');
    expect(gateway.asked[0]?.variables).toMatchObject({ input: { dryRun: true } });
  });

  it('is printed as JSON', async () => {
    expect(JSON.parse((await review('--accept', '--all', '--json')).stdout)).toEqual({
      dryRun: false,
      ...result,
    });
  });
});

it.each([
  ['two decisions', ['--accept', '--reject', '--all'], 'Say one of'],
  ['nothing that is decided on', ['--accept'], 'Say what you mean'],
  ['a filter and findings', ['--accept', '--all', '--finding', '1:0'], 'Say what you mean'],
  ['all, and a part of it', ['--accept', '--all', '--rule', 'x'], '--all does not go with --rule'],
  ['a filter and a record', ['--reject', '--records', '--row', '1', '--field', 'x'], '--field'],
  ['to list all', ['--all'], 'Say what to decide'],
  ['what is no finding', ['--accept', '--finding', '1'], 'ROW:ORDINAL'],
  ['a waiver without a reason', ['--waive', '--all'], '--reason'],
  ['a waiver with an empty reason', ['--waive', '--all', '--reason', ' '], '--reason'],
  [
    'an end that is no time',
    ['--waive', '--all', '--reason', 'x', '--expires', 'soon'],
    '--expires: "soon" is no time',
  ],
  ['an end of something else', ['--accept', '--all', '--expires', '2027-06-30'], '--waive alone'],
  ['to try what is no duplicate', ['--not-duplicates', 'a', 'b', '--dry-run'], 'only --comment'],
  ['a reason for another decision', ['--accept', '--all', '--reason', 'x'], '--reason'],
  ['to waive records', ['--waive', '--records', '--row', '1', '--reason', 'x'], 'not waived'],
  ['likely ones, to reject', ['--reject', '--all', '--include-likely'], '--include-likely'],
  [
    'likely ones among the named',
    ['--accept', '--finding', '7:2', '--include-likely'],
    '--include-likely',
  ],
  [
    'likely ones of records',
    ['--accept', '--records', '--all', '--include-likely'],
    '--include-likely',
  ],
  ['to list likely ones', ['--include-likely'], 'Say what to decide'],
  ['rows without records', ['--accept', '--row', '1'], '--records'],
  ['a comment without a decision', ['--comment', 'x'], 'Say what to decide'],
  ['to decide on what is new alone', ['--accept', '--all', '--state', 'NEW'], '--state only'],
  ['a severity that there is not', ['--severity', 'FATAL'], 'Allowed choices'],
])('refuses %s, and asks for nothing', async (_what, args, message) => {
  const { exitCode, stdout, stderr } = await review(...args);

  expect({ exitCode, stdout, lines: stderr.trim().split('\n').length }).toEqual({
    ...{ exitCode: 1, stdout: '', lines: 1 },
  });
  expect(stderr).toContain(message);
  expect(gateway.asked).toEqual([]);
});
