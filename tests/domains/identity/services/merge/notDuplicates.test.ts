import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { markNotDuplicates } from '../../../../../src/domains/identity/services/merge/markNotDuplicates.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createMergeBed, type MergeBed } from './mergeBed.ts';

let testbed: IdentityTestbed;
let batches: BatchBed;
let bed: MergeBed;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
  batches = createBatchBed(testbed, actorId);
  bed = createMergeBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const audit = () => batches.audit(workspaceId);
const twins = () => bed.twins(workspaceId);

function markApart(batchId: string, entityIds: readonly string[]) {
  return markNotDuplicates(testbed.runtime.pool, { batchId, actorId, entityIds, comment: null });
}

it('rejects findings of which nothing is left, and keeps later audits from finding them', async () => {
  const ids = await twins();
  const batchId = await audit();

  expect(await markApart(batchId, ids)).toMatchObject({ decidedCount: 2 });

  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'REJECTED' },
    { decision: 'REJECTED' },
  ]);
  expect(await bed.findings(await audit())).toEqual([]);
  expect(await markApart(batchId, ids)).toMatchObject({ decidedCount: 0, decisionId: null });
});

it('leaves what the others are duplicates of', async () => {
  const [first, second] = await twins();
  const third = await bed.createTwin(workspaceId, 'T-2');
  const batchId = await audit();

  expect(await markApart(batchId, [first, second])).toMatchObject({ decidedCount: 0 });

  const later = await bed.findings(await audit());
  expect(
    Object.fromEntries(later.map(({ entityId, related }) => [entityId, related.sort()])),
  ).toEqual({ [first]: [third], [second]: [third], [third]: [first, second].sort() });
  expect(later.find(({ entityId }) => entityId === first)?.message).toContain('another contact');
});

it('refuses those that are to be merged', async () => {
  const ids = await twins();
  const batchId = await audit();
  await bed.merge(batchId, ids[0], [ids[1]]);
  await expect(markApart(batchId, ids)).rejects.toMatchObject({ code: 'CONFLICT' });
});
