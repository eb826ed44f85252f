import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

it('of an audit tell what is to review from what was waived', async () => {
  const stagedBatch = {
    ...{ id: 'batch-1', status: 'READY_FOR_REVIEW', failureReason: null },
    ...{ recordCount: 9, processedCount: 9, progress: { done: 9, total: 9 }, recordCounts: [] },
    findingCounts: [
      {
        ruleId: 'contact.email.syntax',
        severity: 'WARNING',
        count: 5,
        openCount: 3,
        waivedCount: 2,
      },
    ],
  };
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
    TriggerDataAudit: { triggerDataAudit: { batchId: 'batch-1', recordCount: 9 } },
    BatchProgress: { stagedBatch },
    BatchSummary: { stagedBatch },
    BatchMatching: {
      stagedBatch: {
        matching: [
          {
            entityType: 'CONTACT',
            uncompared: [
              { key: 'phone', records: 90, pairs: 4_005 },
              { key: 'mailbox', records: 70, pairs: 2_415 },
            ],
          },
          { entityType: 'SITE', uncompared: [] },
        ],
      },
    },
  });

  const { stdout, stderr } = await gateway.cli('audit', '--workspace', 'demo', '--wait');

  expect(stdout).toMatch(/Findings +│ To review +│ Waived/);
  expect(stderr).toContain(
    'Up to 6420 pairs of contacts were not compared, since too many share what would bring them together: phone (90 records), mailbox (70 records).',
  );
  expect(stderr).not.toContain('sites');
  expect(stdout).toMatch(/contact\.email\.syntax +│ WARNING +│ +5 +│ +3 +│ +2/);
});
