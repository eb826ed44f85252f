import { afterEach, describe, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

const change = { entityType: 'CONTACT', entityId: 'id-7', rowIndex: 7 };
const keptEntry = { outcome: 'KEPT', reason: 'Ada Meier changed it since.', change };
const none = { edges: [] };
const kept = { edges: [{ node: keptEntry }] };

/** A gateway at which a run begins and ends at once. */
async function gatewayWith({
  status = 'READY_FOR_REVIEW',
  failureReason = null,
  finishedAt = '2026-11-23T12:00:00.000Z',
  counts,
  runId = 'run-1',
  notReversed,
}: {
  readonly status?: string;
  readonly failureReason?: string | null;
  readonly finishedAt?: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly runId?: string | null;
  readonly notReversed?: readonly object[];
}): Promise<StandInGateway> {
  gateway = await startStandInGateway({
    BeginRun: { begun: { runId, batch: { status: 'PROMOTING' }, counts, notReversed } },
    BatchProgress: { stagedBatch: { status, progress: { done: 1, total: 1 } } },
    BatchSummary: {
      stagedBatch: {
        id: 'batch-1',
        status,
        failureReason,
        recordCount: 9,
        processedCount: 9,
        findingCounts: [],
        recordCounts: [],
        matchCounts: [],
      },
    },
    Runs: { stagedBatch: { runs: [{ id: 'run-1', finishedAt, counts }] } },
    NotReversed: { stagedBatch: { runs: [{ id: 'run-1', kept, errored: none }] } },
  });
  return gateway;
}

describe('promote', () => {
  it('waits until it is done, and says what became of how many', async () => {
    const { cli, asked } = await gatewayWith({ counts: { applied: 5, conflicts: 2, failed: 0 } });

    const { exitCode, stdout } = await cli('promote', 'batch-1');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('Promotion of batch-1: READY_FOR_REVIEW.');
    expect(stdout).toMatch(/records applied +│ +5/);
    expect(stdout).toMatch(/records in conflict +│ +2/);
    expect(stdout).not.toContain('failed');
    expect(asked[0]).toMatchObject({
      query: expect.stringContaining('promoteStagedBatch'),
      variables: { input: { batchId: 'batch-1', dryRun: false } },
    });
  });

  it('says so where it is a dry run, and waits for nothing', async () => {
    const { cli, asked } = await gatewayWith({ counts: { applied: 5 }, runId: null });

    const { stdout } = await cli('promote', 'batch-1', '--dry-run');

    expect(stdout).toContain('a dry run, nothing was changed');
    expect(asked).toMatchObject([
      { operation: 'BeginRun', variables: { input: { dryRun: true } } },
    ]);
  });

  it('exits with 1 where it failed, and says why', async () => {
    const failure = { status: 'FAILED', failureReason: 'The disk is full.', counts: {} };
    const { cli } = await gatewayWith({ ...failure, finishedAt: null });

    const { exitCode, stdout } = await cli('promote', 'batch-1', '--json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ...{ batchId: 'batch-1', runId: 'run-1', dryRun: false },
      ...failure,
    });
  });
});

describe('revert', () => {
  it('lists what was kept, with the reason', async () => {
    const { cli, asked } = await gatewayWith({ counts: { reversed: 4, kept: 1 } });

    const { stdout } = await cli('revert', 'batch-1', '--row', '7', '--row', '8');

    expect(stdout).toMatch(/changes reversed +│ +4/);
    expect(stdout).toContain('Ada Meier changed it since.');
    expect(asked[0]).toMatchObject({
      query: expect.stringContaining('revertPromotion'),
      variables: { input: { rowIndexes: [7, 8], dryRun: false } },
    });
  });

  it('lists what would be kept where it is a dry run, with the reason', async () => {
    const tried = { counts: { reversed: 4, kept: 3 }, runId: null, notReversed: [keptEntry] };
    const { cli } = await gatewayWith(tried);

    const { stdout, stderr } = await cli('revert', 'batch-1', '--dry-run');

    expect(stdout).toContain('Ada Meier changed it since.');
    expect(stderr).toBe('There are 2 more than these.\n');
  });

  it('is about the whole batch where it names no row', async () => {
    const { cli, asked } = await gatewayWith({ counts: { reversed: 4, kept: 1 } });

    const { stdout } = await cli('revert', 'batch-1', '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      notReversed: [
        { outcome: 'KEPT', reason: keptEntry.reason, ...change, entityType: 'contact' },
      ],
    });
    expect(asked[0]?.variables).toEqual({ input: { batchId: 'batch-1', dryRun: false } });
  });

  it('refuses what is no row', async () => {
    const { cli, asked } = await gatewayWith({ counts: {} });

    const { exitCode, stderr } = await cli('revert', 'batch-1', '--row', 'x');

    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: --row: "x" is no row: rows are numbered from 0.\n');
    expect(asked).toEqual([]);
  });
});

describe('of a batch that was cancelled', () => {
  const counts = { reversed: 5, kept: 0, errored: 0 };

  it('a reversal that has come to its end exits with 0', async () => {
    const { cli } = await gatewayWith({ status: 'CANCELLED', counts });

    expect(await cli('revert', 'batch-1')).toMatchObject({ exitCode: 0 });
  });

  it('one that was cancelled itself exits with 1', async () => {
    const { cli } = await gatewayWith({ status: 'CANCELLED', finishedAt: null, counts });

    expect(await cli('revert', 'batch-1')).toMatchObject({ exitCode: 1 });
  });
});

it('reverts by a filter, which does not go with named records', async () => {
  const { cli, asked } = await gatewayWith({ counts: { reversed: 1 } });

  await cli('revert', 'batch-1', '--rule', 'contact.phone.format', '--entity-type', 'contact');
  expect(asked[0]).toMatchObject({
    variables: { input: { filter: { ruleId: 'contact.phone.format', entityType: 'CONTACT' } } },
  });

  const { exitCode, stderr } = await cli('revert', 'batch-1', '--severity', 'INFO', '--row', '1');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('--severity does not go with --row');
});
