import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { changeThrough, readFields, setFields } from '../../support/changes.ts';
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

it('brings the others back with what was moved, except what was changed since', async () => {
  const [survivor, loser] = await twins();
  const sites = await Promise.all(
    ['A', 'B'].map((name) => testbed.createEntity(workspaceId, 'site', { name, ownerId: loser })),
  );
  const [untouched = '', touched = ''] = sites;
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser], [{ field: 'externalId', entityId: loser }]);
  await batches.promote(batchId);
  await setFields(testbed.runtime.pool, 'site', touched, { name: 'B2' });

  expect((await batches.revert(batchId)).counts).toEqual({ reversed: 3, kept: 1, errored: 0 });

  expect(await read('contact', loser, ['state', 'mergedIntoId'])).toEqual({
    state: 'ACTIVE',
    mergedIntoId: null,
  });
  expect(await read('contact', survivor, ['externalId'])).toEqual({ externalId: 'T-0' });
  expect(await read('site', untouched, ['ownerId'])).toEqual({ ownerId: loser });
  expect(await read('site', touched, ['ownerId', 'name'])).toEqual({
    ownerId: survivor,
    name: 'B2',
  });
});

it('leaves a merge undone until its findings are reopened, and merges again then', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  await batches.promote(batchId);
  await batches.revert(batchId);
  expect(await bed.findings(batchId)).toMatchObject([{ applied: false }, { applied: false }]);
  const { rows } = await testbed.runtime.pool.query(
    'SELECT status FROM staged_record_state WHERE batch_id = $1',
    [batchId],
  );
  expect(rows).toEqual([{ status: 'REVERTED' }, { status: 'REVERTED' }]);

  await expect(batches.promote(batchId)).rejects.toMatchObject({ code: 'CONFLICT' });

  await decideFindings(testbed.runtime.pool, {
    batchId,
    actorId,
    decision: 'OPEN',
    selection: { filter: {} },
    comment: null,
    waiver: null,
  });
  await bed.merge(batchId, survivor, [loser]);
  expect(await batches.promote(batchId)).toMatchObject({ merged: 1 });
});

it('leaves what was moved with the survivor where the other has changed since', async () => {
  const [survivor, loser] = await twins();
  const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'A', ownerId: loser });
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  await batches.promote(batchId);
  await setFields(testbed.runtime.pool, 'contact', loser, { givenName: 'Eva' });
  const preview = await testbed.runtime.reversal.previewReversal({ batchId, actorId });

  const { counts, entries } = await batches.revert(batchId);

  expect(counts).toEqual({ reversed: 0, kept: 2, errored: 0 });
  expect(preview.counts).toEqual({ reversed: 0, kept: 2, errored: 0 });
  expect(entries.find(({ entityId }) => entityId === siteId)).toMatchObject({
    outcome: 'KEPT',
    reason: `The contact ${loser} stays merged into ${survivor}, so what was moved from it stays there too.`,
  });
  expect(await read('site', siteId, ['ownerId'])).toEqual({ ownerId: survivor });
  expect(await read('contact', loser, ['state'])).toEqual({ state: 'MERGED' });
});

it('keeps all of a chain of merges whose last link can not be undone', async () => {
  const { batchId, loser, site, lostSite, deviceId } = await chainOfMerges();
  await setFields(testbed.runtime.pool, 'contact', loser, { givenName: 'Eva' });

  expect((await batches.revert(batchId)).counts).toEqual({ reversed: 0, kept: 4, errored: 0 });

  expect(await read('device', deviceId, ['siteId'])).toEqual({ siteId: site });
  expect(await read('site', lostSite, ['state'])).toEqual({ state: 'MERGED' });
});

it('brings back all of a chain of merges', async () => {
  const { batchId, loser, lostSite, deviceId } = await chainOfMerges();

  expect((await batches.revert(batchId)).counts).toEqual({ reversed: 4, kept: 0, errored: 0 });

  expect(await read('device', deviceId, ['siteId'])).toEqual({ siteId: lostSite });
  expect(await read('site', lostSite, ['state', 'ownerId'])).toEqual({
    state: 'ACTIVE',
    ownerId: loser,
  });
});

/** Two sites that a batch has merged, with the device of the lost one, and then their owners. */
async function chainOfMerges() {
  const [survivor, loser] = await twins();
  const site = await testbed.createEntity(workspaceId, 'site', { name: 'A', ownerId: survivor });
  const lostSite = await testbed.createEntity(workspaceId, 'site', { name: 'A', ownerId: loser });
  const deviceId = await testbed.createEntity(workspaceId, 'device', { siteId: lostSite });
  const batchId = await audit();
  const lose = (mergedIntoId: string) => ({ state: 'MERGED', mergedIntoId });
  const changes = [
    ['site', lostSite, lose(site)],
    ['device', deviceId, { siteId: site }],
    ['site', lostSite, { ownerId: survivor }],
    ['contact', loser, lose(survivor)],
  ] as const;
  for (const [entityType, entityId, set] of changes) {
    await changeThrough(testbed, { batchId, rowIndex: 0, actorId, entityType, entityId, set });
  }
  return { batchId, loser, site, lostSite, deviceId };
}
