import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { changeThrough, createThrough, readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('Reva Reviewer');
  bed = createBatchBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const audit = () => bed.audit(workspaceId);

const phone = { familyName: 'Okafor', phone: '(312) 555-0142' };

function read(entityType: EntityType, id: string, fields: readonly string[]) {
  return readFields(testbed.runtime.pool, entityType, id, fields);
}

const change = (batchId: string, entityId: string, set: Record<string, string | null>) =>
  changeThrough(testbed, { batchId, rowIndex: 0, actorId, entityType: 'contact', entityId, set });

describe('keeps a change', () => {
  it('that another batch has changed since, and says who did and when', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const first = await audit();
    await change(first, id, { phone: '1' });
    const second = await audit();
    const since = await change(second, id, { givenName: 'Ada' });

    const { counts, entries } = await bed.revert(first);

    expect(counts).toEqual({ reversed: 0, kept: 1, errored: 0 });
    expect(entries).toMatchObject([
      {
        outcome: 'KEPT',
        blockedBy: since,
        reason: expect.stringMatching(
          /^Changed since, by Reva Reviewer on \d{4}-\d\d-\d\d \d\d:\d\d UTC, through "Data audit/,
        ),
      },
    ]);
    expect(await bed.recordStatus(first, 0)).toBe('PROMOTED');

    await bed.revert(second);
    expect((await bed.revert(first)).counts).toMatchObject({ reversed: 1 });
    expect(await read('contact', id, ['phone', 'givenName'])).toEqual({
      phone: phone.phone,
      givenName: null,
    });
  });

  it('that was changed outside the review center since, also before the last batch', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const first = await audit();
    await change(first, id, { phone: '1' });
    await setFields(testbed.runtime.pool, 'contact', id, { phone: '2' });
    const second = await audit();
    await change(second, id, { givenName: 'Ada' });
    await bed.revert(second);

    const { entries } = await bed.revert(first);

    expect(entries).toMatchObject([
      {
        outcome: 'KEPT',
        blockedBy: null,
        reason: 'Changed outside the review center since.',
      },
    ]);
    expect(await read('contact', id, ['phone'])).toEqual({ phone: '2' });
  });

  it('whose entity was deleted', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await change(batchId, id, { phone: '1' });
    await testbed.runtime.pool.query('DELETE FROM third_party WHERE id = $1', [id]);

    const { entries } = await bed.revert(batchId);

    expect(entries).toMatchObject([{ outcome: 'KEPT', reason: /deleted/ }]);
  });

  it('that would let it refer to what was archived since', async () => {
    const { ownerId, siteId, batchId } = await changedOwner();
    await setFields(testbed.runtime.pool, 'contact', ownerId, { state: 'ARCHIVED' });

    const { counts, entries } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 0, kept: 1, errored: 0 });
    expect(entries).toMatchObject([
      {
        blockedBy: null,
        reason: `The contact ${ownerId}, to which it would refer again, has been archived since.`,
      },
    ]);
    expect(await read('site', siteId, ['ownerId'])).toEqual({ ownerId: null });

    await setFields(testbed.runtime.pool, 'contact', ownerId, { state: 'ACTIVE' });
    expect((await bed.revert(batchId)).counts).toMatchObject({ reversed: 1 });
    expect(await read('site', siteId, ['ownerId'])).toEqual({ ownerId });
  });

  it('that would let it refer to what was merged since, and says who did and when', async () => {
    const { ownerId, batchId } = await changedOwner();
    const survivorId = await testbed.createEntity(workspaceId, 'contact', phone);
    const second = await audit();
    const mergedBy = await change(second, ownerId, { state: 'MERGED', mergedIntoId: survivorId });

    const { entries } = await bed.revert(batchId);

    expect(entries).toMatchObject([
      {
        outcome: 'KEPT',
        blockedBy: mergedBy,
        reason: expect.stringMatching(
          `^The contact ${ownerId}, to which it would refer again, has been merged into ${survivorId} since, by Reva Reviewer on .*, through "Data audit`,
        ),
      },
    ]);
  });

  it('that made what such a one goes on to refer to', async () => {
    const ownerId = await testbed.createEntity(workspaceId, 'contact', phone);
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot', ownerId });
    const batchId = await audit();
    const created = { batchId, rowIndex: 0, actorId, entityType: 'contact' } as const;
    const other = await createThrough(testbed, workspaceId, { ...created, set: phone });
    await changeOwner(batchId, siteId, other);
    await setFields(testbed.runtime.pool, 'contact', ownerId, { state: 'ARCHIVED' });

    const { counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 0, kept: 2, errored: 0 });
    expect(await read('contact', other, ['state'])).toEqual({ state: 'ACTIVE' });
  });
});

/** A site that a batch has taken its owner from. */
async function changedOwner() {
  const ownerId = await testbed.createEntity(workspaceId, 'contact', phone);
  const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot', ownerId });
  const batchId = await audit();
  await changeOwner(batchId, siteId, null);
  return { ownerId, siteId, batchId };
}

function changeOwner(batchId: string, entityId: string, ownerId: string | null) {
  const through = { batchId, rowIndex: 1, actorId, entityType: 'site' } as const;
  return changeThrough(testbed, { ...through, entityId, set: { ownerId } });
}
