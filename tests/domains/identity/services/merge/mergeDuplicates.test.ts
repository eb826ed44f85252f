import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import {
  type MergeDuplicatesInput,
  mergeDuplicates,
} from '../../../../../src/domains/identity/services/merge/mergeDuplicates.ts';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { readFields, setFields } from '../../support/changes.ts';
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

function read(entityType: EntityType, id: string, fields: readonly string[]) {
  return readFields(testbed.runtime.pool, entityType, id, fields);
}

it('accepts the findings of a cluster together, and leaves production alone', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();

  const result = await bed.merge(batchId, survivor, [loser]);

  expect(result).toMatchObject({ decidedCount: 2, skipped: [] });
  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'ACCEPTED', version: 1, applied: false },
    { decision: 'ACCEPTED', version: 1, applied: false },
  ]);
  expect(await read('contact', loser, ['state', 'version'])).toEqual({
    state: 'ACTIVE',
    version: 1,
  });
});

it('refuses what the audit found no duplicate of', async () => {
  const [first] = await twins();
  const stranger = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Else' });
  const other = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Other' });
  const batchId = await audit();

  await expect(bed.merge(batchId, stranger, [other])).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'The audit has found no duplicate among these. Only what it found can be merged.',
  });
  const { rows } = await testbed.runtime.pool.query('SELECT FROM merge WHERE batch_id = $1', [
    batchId,
  ]);
  expect(rows).toEqual([]);
  expect(await bed.merge(batchId, first, [other])).toMatchObject({ decidedCount: 1 });
});

it('does not overwrite that somebody has rejected or waived its findings', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await testbed.runtime.pool.query(
    `UPDATE finding SET decision = 'REJECTED', version = 1 WHERE batch_id = $1 AND row_index = 1`,
    [batchId],
  );

  await expect(bed.merge(batchId, survivor, [loser])).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/of record 1 was rejected or waived/),
  });
  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'OPEN' },
    { decision: 'REJECTED' },
  ]);
});

it('gives the survivor the chosen values and all that pointed at the others', async () => {
  const [survivor, loser] = await twins();
  const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'A', ownerId: loser });
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser], [{ field: 'externalId', entityId: loser }]);

  expect(await batches.promote(batchId)).toMatchObject({ merged: 1 });

  expect(await read('contact', survivor, ['externalId', 'state', 'version'])).toEqual({
    externalId: 'T-1',
    state: 'ACTIVE',
    version: 2,
  });
  expect(await read('contact', loser, ['state', 'mergedIntoId', 'version'])).toEqual({
    state: 'MERGED',
    mergedIntoId: survivor,
    version: 2,
  });
  expect(await read('site', siteId, ['ownerId', 'version'])).toEqual({
    ownerId: survivor,
    version: 2,
  });
  const { rows } = await testbed.runtime.pool.query(
    `SELECT entity_id, kind, before, after, version FROM entity_change WHERE batch_id = $1`,
    [batchId],
  );
  expect(rows).toHaveLength(3);
  expect(rows).toEqual(
    expect.arrayContaining([
      {
        entity_id: survivor,
        kind: 'UPDATED',
        before: { externalId: 'T-0' },
        after: { externalId: 'T-1' },
        version: 2,
      },
      {
        entity_id: loser,
        kind: 'MERGED',
        before: { state: 'ACTIVE', mergedIntoId: null },
        after: { state: 'MERGED', mergedIntoId: survivor },
        version: 2,
      },
      {
        entity_id: siteId,
        kind: 'UPDATED',
        before: { ownerId: loser },
        after: { ownerId: survivor },
        version: 2,
      },
    ]),
  );
  expect(await bed.findings(batchId)).toMatchObject([{ applied: true }, { applied: true }]);
});

it('builds on what the same promotion accepts for its members', async () => {
  const [survivor, loser] = await twins();
  await setFields(testbed.runtime.pool, 'contact', survivor, { phone: '(312) 555-0142' });
  await setFields(testbed.runtime.pool, 'contact', loser, { phone: '312.555.0142' });
  const batchId = await audit();
  await decideFindings(testbed.runtime.pool, {
    batchId,
    actorId,
    decision: 'ACCEPTED',
    selection: { filter: { ruleId: 'contact.phone.format' } },
    comment: null,
    waiver: null,
  });
  await bed.merge(batchId, survivor, [loser]);

  expect(await batches.promote(batchId)).toMatchObject({ applied: 2, merged: 1 });

  expect(await read('contact', loser, ['phone', 'state'])).toEqual({
    phone: '+13125550142',
    state: 'MERGED',
  });
});

it('leaves a merge for somebody else where the workspace wants four eyes', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await testbed.runtime.pool.query('UPDATE workspace SET four_eyes = true WHERE id = $1', [
    workspaceId,
  ]);
  await bed.merge(batchId, survivor, [loser]);

  await expect(batches.promote(batchId)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await batches.promote(batchId, await testbed.createUser('other'))).toMatchObject({
    merged: 1,
  });
});

it('resolves old ids also when the survivor is merged later', async () => {
  const [first, second] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, second, [first]);
  await batches.promote(batchId);
  const third = await bed.createTwin(workspaceId, 'T-2');
  const later = await audit();
  await bed.merge(later, third, [second]);
  expect(await batches.promote(later)).toMatchObject({ merged: 1 });

  expect(await read('contact', first, ['mergedIntoId'])).toEqual({ mergedIntoId: second });
  expect(await read('contact', second, ['mergedIntoId'])).toEqual({ mergedIntoId: third });
});

it.each<[string, (ids: [string, string]) => Partial<MergeDuplicatesInput>, string]>([
  ['nothing to merge', () => ({ loserIds: [] }), 'BAD_USER_INPUT'],
  ['the survivor itself', ([survivorId]) => ({ loserIds: [survivorId] }), 'BAD_USER_INPUT'],
  ['an unknown id', () => ({ loserIds: ['019ab000-0000-7000-8000-000000000001'] }), 'NOT_FOUND'],
  ['what is no id', () => ({ loserIds: ['nothing'] }), 'NOT_FOUND'],
  [
    'a field that is not there',
    ([, entityId]) => ({ fieldFrom: [{ field: 'shoeSize', entityId }] }),
    'BAD_USER_INPUT',
  ],
  [
    'a value of somebody else',
    () => ({
      fieldFrom: [{ field: 'email', entityId: '019ab000-0000-7000-8000-000000000001' }],
    }),
    'BAD_USER_INPUT',
  ],
])('refuses %s, and changes nothing', async (_what, change, code) => {
  const ids = await twins();
  const batchId = await audit();
  const [survivorId, loser] = ids;
  const input = {
    ...{ batchId, actorId, survivorId, loserIds: [loser], fieldFrom: [], comment: null },
    ...change(ids),
  };

  await expect(mergeDuplicates(testbed.runtime.pool, input)).rejects.toMatchObject({ code });

  expect(await bed.findings(batchId)).toMatchObject([{ decision: 'OPEN' }, { decision: 'OPEN' }]);
});

it('refuses entities that are part of another merge, are archived, or of another type', async () => {
  const [first, second] = await twins();
  const third = await bed.createTwin(workspaceId, 'T-2');
  const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'A' });
  const batchId = await audit();
  await expect(bed.merge(batchId, first, [siteId])).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await setFields(testbed.runtime.pool, 'contact', third, { state: 'ARCHIVED' });
  await expect(bed.merge(batchId, first, [third])).rejects.toMatchObject({ code: 'CONFLICT' });
  await bed.merge(batchId, first, [second]);
  await expect(bed.merge(batchId, second, [first])).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { survivorId: first },
  });
});
