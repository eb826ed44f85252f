import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { plan } from './importPlan.ts';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const REASON = 'The worker ran out of disk.';

let gateway: StandInGateway;
let importArgs: string[];
beforeAll(async () => {
  const stagedBatch = {
    id: 'batch-1',
    status: 'FAILED',
    failureReason: REASON,
    recordCount: 2,
    processedCount: 0,
    progress: { done: 0, total: 2 },
    findingCounts: [],
    recordCounts: [{ status: 'PENDING', count: 2 }],
    matchCounts: [],
  };
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
    TriggerDataAudit: { triggerDataAudit: { batchId: 'batch-1', recordCount: 2 } },
    BatchProgress: { stagedBatch },
    BatchSummary: { stagedBatch },
    'POST /imports': {
      batchId: 'batch-1',
      recordCount: 2,
      ...plan,
    },
  });
  const file = join(await createTemporaryFolder('cli'), 'sites.csv');
  await writeFile(file, 'name\nDepot\nHub\n');
  importArgs = ['import', file, '--workspace', 'demo', '--profile', 'siteImport'];
});
afterAll(() => gateway.stop());

const AUDIT = ['audit', '--workspace', 'demo', '--wait'];

describe('a batch that failed', () => {
  it.each([
    ['import', () => importArgs],
    ['audit', () => AUDIT],
  ])('%s: the reason is said, and nothing that looks like a result', async (_command, args) => {
    const { exitCode, stdout, stderr } = await gateway.cli(...args());

    expect(exitCode).toBe(1);
    expect(stdout.trim()).toMatch(/^\w+ batch-1: 2 records, FAILED( after \d+\.\d s)?\.$/);
    expect(stderr).toContain(REASON);
  });

  it('import --json: the reason is in the JSON', async () => {
    const { exitCode, stdout } = await gateway.cli('--json', ...importArgs);

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'FAILED', failureReason: REASON });
  });

  it('audit --json: the JSON has the parts it always has', async () => {
    const { exitCode, stdout } = await gateway.cli('--json', ...AUDIT);

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      batchId: 'batch-1',
      recordCount: 2,
      status: 'FAILED',
      findings: [],
      ledger: null,
    });
  });
});
