import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

const certificate = {
  ...{ batchId: 'batch-2', workspaceId: 'workspace-1', mode: 'INCREMENTAL' },
  ...{ baseBatchId: 'batch-1', fullReason: null, defaultCountry: 'US' },
  ...{ snapshot: '10:12:', snapshotAt: '2027-01-02T03:04:05.000Z' },
  certifiedAt: '2027-01-02T03:05:00.000Z',
  entities: [
    {
      ...{ entityType: 'CONTACT', expected: 9, checked: 2, gone: 1, unreadable: 0, unchanged: 6 },
      ...{ added: 3, changed: 4, removed: 5 },
    },
  ],
  rules: [
    {
      ...{ id: 'contact.email.syntax', version: 1, severity: 'WARNING' },
      parameters: [{ id: 'contact.email.syntax.length', value: 7 }],
    },
  ],
  rulesOff: ['contact.stale'],
  uncompared: [{ population: 'PERSON', key: 'phone', blocks: 1, records: 90, pairs: 4_005 }],
  findings: [{ severity: 'ERROR', count: 2 }],
};
const matching = [
  { entityType: 'CONTACT', comparedEntities: 1, fullReason: null },
  { entityType: 'SITE', comparedEntities: null, fullReason: 'There are few of them.' },
];
const batch = {
  ...{ id: 'batch-2', sourceType: 'DATA_AUDIT', status: 'COMPLETED', certificate, matching },
};
const answers = {
  WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
  LastAudit: { stagedBatches: { edges: [{ node: { id: 'batch-2' } }] } },
  Certificate: { stagedBatch: batch },
};

it('of the last audit of a workspace is shown to people', async () => {
  gateway = await startStandInGateway(answers);

  const { stdout } = await gateway.cli('certificate', '--workspace', 'demo');

  expect(stdout).toContain('Audit batch-2: INCREMENTAL, since batch-1.');
  expect(stdout).toMatch(/CONTACT[ │]+9[ │]+2[ │]+1[ │]+0[ │]+6[ │]+3[ │]+4[ │]+5/);
  expect(stdout).toContain('Rules: 1 on, with 1 parameters; off: contact.stale.');
  expect(stdout).toContain('Duplicates: 1 contact was compared with the rest');
  expect(stdout).toContain('all sites were compared with each other: There are few of them.');
  expect(stdout).toContain('up to 4005 pairs with the same phone (PERSON)');
});

it('is exported as a whole', async () => {
  gateway = await startStandInGateway(answers);

  const { stdout } = await gateway.cli('certificate', 'batch-2', '--json');

  expect(JSON.parse(stdout)).toEqual({ ...certificate, matching });
});

it('of an audit that has none is missed in one line', async () => {
  const running = { ...batch, status: 'PROCESSING', certificate: null };
  gateway = await startStandInGateway({ ...answers, Certificate: { stagedBatch: running } });

  const { exitCode, stderr } = await gateway.cli('certificate', 'batch-2');

  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'error: Audit batch-2 is PROCESSING and has no certificate: it gets one when it has been processed.\n',
  );
});

it('wants an audit or a workspace', async () => {
  gateway = await startStandInGateway(answers);

  const { exitCode, stderr } = await gateway.cli('certificate');

  expect(exitCode).toBe(1);
  expect(stderr).toContain('Name an audit, or a workspace for its last one with --workspace SLUG.');
});

it('of an incremental audit that is a full one: the command that starts it says why', async () => {
  const summary = {
    ...{ id: 'batch-2', status: 'QUEUED', failureReason: null, recordCount: 9, processedCount: 0 },
    ...{ findingCounts: [], recordCounts: [], matchCounts: [] },
  };
  gateway = await startStandInGateway({
    ...answers,
    TriggerDataAudit: { triggerDataAudit: { batchId: 'batch-2', recordCount: 9 } },
    AuditExtent: { stagedBatch: { fullReason: 'The rules have changed.' } },
    BatchSummary: { stagedBatch: summary },
  });

  const { stderr } = await gateway.cli(
    ...['audit', '--workspace', 'demo', '--incremental', '--title', 'Nightly'],
  );

  expect(stderr).toContain('This audit is a full one: The rules have changed.');
  const trigger = gateway.asked.find(({ operation }) => operation === 'TriggerDataAudit');
  expect(trigger?.variables).toEqual({
    input: { workspaceId: 'workspace-1', mode: 'INCREMENTAL', title: 'Nightly' },
  });
});
