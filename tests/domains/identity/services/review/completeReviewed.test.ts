import { afterAll, beforeAll, expect, it } from 'vitest';
import { markNotDuplicates } from '../../../../../src/domains/identity/services/merge/markNotDuplicates.ts';
import { resolveConflict } from '../../../../../src/domains/identity/services/promotion/resolveConflict.ts';
import {
  type DecideRecordsInput,
  decideRecords,
} from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { callers, createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let actorId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createReviewBed(testbed);
  actorId = await testbed.createUser('reviewer');
});
afterAll(() => testbed.close());

async function auditOf(findings: number) {
  const { batchId } = await bed.auditOf(callers(findings), actorId);
  return { batchId, findings: await bed.findings(batchId) };
}

it.each(['REJECTED', 'WAIVED'] as const)(
  'completes a batch of which all is %s',
  async (decision) => {
    const { batchId } = await auditOf(3);

    await bed.decide({ batchId, actorId, decision, dryRun: true });
    expect(await bed.batchStatus(batchId)).toBe('READY_FOR_REVIEW');

    await bed.decide({ batchId, actorId, decision });
    expect(await bed.batchStatus(batchId)).toBe('COMPLETED');
    const { rows } = await testbed.runtime.pool.query(
      'SELECT finished_at FROM staged_batch WHERE id = $1',
      [batchId],
    );
    expect(rows[0].finished_at).not.toBeNull();
  },
);

it.each([
  ['from the first to the last', [0, 1, 2]],
  ['from the last to the first', [2, 1, 0]],
  ['from the middle', [1, 2, 0]],
])('completes it with the last of its findings only, %s', async (_order, order) => {
  const { batchId, findings } = await auditOf(3);
  const statuses: unknown[] = [];
  for (const index of order) {
    const keys = findings.slice(index, index + 1).map((finding) => key(finding));
    await bed.decide({ batchId, actorId, decision: 'REJECTED', selection: { keys } });
    statuses.push(await bed.batchStatus(batchId));
  }

  expect(statuses).toEqual(['READY_FOR_REVIEW', 'READY_FOR_REVIEW', 'COMPLETED']);
});

it('leaves a batch under review of which something is accepted, and takes it back when reopened', async () => {
  const { batchId, findings } = await auditOf(2);
  const accepted = { keys: findings.slice(0, 1).map((finding) => key(finding)) };
  await bed.decide({ batchId, actorId, selection: accepted });
  await bed.decide({ batchId, actorId, decision: 'REJECTED' });
  expect(await bed.batchStatus(batchId)).toBe('READY_FOR_REVIEW');

  await bed.decide({ batchId, actorId, decision: 'REJECTED', selection: accepted });
  expect(await bed.batchStatus(batchId)).toBe('COMPLETED');

  await bed.decide({ batchId, actorId, decision: 'OPEN' });
  expect(await bed.batchStatus(batchId)).toBe('READY_FOR_REVIEW');
});

it('completes an import of which all records are rejected, but for those that can’t be read', async () => {
  const workspaceId = await testbed.createWorkspace({ createdBy: actorId });
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: actorId, title: 'Import', autoPromote: false },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport' },
    rows: [
      ...['Meier', 'Okafor'].map((familyName) => ({ familyName, phone: 'none' })),
      { familyName: 'Marlow', birthDate: 'never' },
    ].map((rawData) => ({ entityType: 'contact', rawData })),
  });
  await testbed.untilResting(batch.id);
  const reject = (selection: DecideRecordsInput['selection']) =>
    decideRecords(testbed.runtime.pool, {
      ...{ batchId: batch.id, actorId, decision: 'REJECTED', selection, comment: null },
    });

  await reject({ keys: [{ rowIndex: 1, version: null }] });
  expect(await bed.batchStatus(batch.id)).toBe('READY_FOR_REVIEW');
  await reject({ filter: {} });
  expect(await bed.batchStatus(batch.id)).toBe('COMPLETED');
});

it('completes an audit whose only duplicates are none', async () => {
  const workspaceId = await testbed.createWorkspace({ createdBy: actorId });
  const twin = { familyName: 'Meier', givenName: 'Ada', email: 'ada@example.com' };
  const entityIds = [
    await testbed.createEntity(workspaceId, 'contact', twin),
    await testbed.createEntity(workspaceId, 'contact', twin),
  ];
  const batchId = await bed.audit(workspaceId, actorId);

  await markNotDuplicates(testbed.runtime.pool, { batchId, actorId, entityIds, comment: null });

  expect(await bed.batchStatus(batchId)).toBe('COMPLETED');
});

it('completes a batch whose last conflict is resolved for them', async () => {
  const { batchId, findings } = await auditOf(1);
  await bed.decide({ batchId, actorId });
  const entityId = findings[0]?.entityId ?? '';
  await setFields(testbed.runtime.pool, 'contact', entityId, { givenName: 'Ada' });
  await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId });
  expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });

  await resolveConflict(testbed.runtime.pool, {
    ...{ batchId, rowIndex: 0, actorId, resolution: 'THEIRS', values: [] },
    ...{ entityVersion: null, comment: null },
  });

  expect(await bed.batchStatus(batchId)).toBe('COMPLETED');
});

it('completes it once when many decide on the last findings at the same time', async () => {
  const { batchId, findings } = await auditOf(30);

  const results = await Promise.all(
    findings.map((finding) =>
      bed.decide({
        ...{ batchId, actorId, decision: 'REJECTED' },
        selection: { keys: [key(finding)] },
      }),
    ),
  );

  expect(results.every(({ decidedCount }) => decidedCount === 1)).toBe(true);
  expect(await bed.batchStatus(batchId)).toBe('COMPLETED');
});
