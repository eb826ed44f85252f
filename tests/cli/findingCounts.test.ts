import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

it('of an audit tell what is to review from what was waived, and what is news', async () => {
  const stagedBatch = {
    ...{ id: 'batch-1', status: 'READY_FOR_REVIEW', failureReason: null },
    ...{
      recordCount: 9,
      processedCount: 9,
      progress: { done: 9, total: 9 },
      recordCounts: [],
      matchCounts: [],
    },
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
    AuditOutcome: {
      stagedBatch: {
        ledger: { newCount: 3, persistingCount: 2, resolvedCount: 7, regressedCount: 1 },
        matching: [
          {
            ...{ entityType: 'CONTACT', comparedEntities: 12, fullReason: null },
            uncompared: [
              { key: 'phone', records: 90, pairs: 4_005 },
              { key: 'mailbox', records: 70, pairs: 2_415 },
            ],
          },
          {
            ...{ entityType: 'SITE', comparedEntities: null, uncompared: [] },
            fullReason: 'There are few of them.',
          },
        ],
      },
    },
  });

  const { stdout, stderr } = await gateway.cli('audit', '--workspace', 'demo', '--wait');
  const json = await gateway.cli('audit', '--workspace', 'demo', '--wait', '--json');

  expect(stdout).toMatch(/Findings +│ To review +│ Waived/);
  expect(stderr).toContain(
    'Up to 6420 pairs of contacts were not compared, since too many share what would bring them together: phone (90 records), mailbox (70 records).',
  );
  expect(stderr).not.toContain('pairs of sites');
  expect(stderr).toContain(
    'Duplicates: 12 contacts were compared with the rest, as changed or close to what has.',
  );
  expect(stderr).toContain(
    'Duplicates: all sites were compared with each other: There are few of them.',
  );
  expect(stdout).toContain(
    'Since the audits before: 3 new, 2 persisting, 7 resolved, 1 regressed.',
  );
  expect(JSON.parse(json.stdout)).toMatchObject({ ledger: { newCount: 3, resolvedCount: 7 } });
  expect(stdout).toMatch(/contact\.email\.syntax +│ WARNING +│ +5 +│ +3 +│ +2/);
});
