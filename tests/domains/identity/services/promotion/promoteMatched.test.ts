import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed, type ImportBed } from './importBed.ts';

let testbed: IdentityTestbed;
let bed: ImportBed;
let workspaceId: string;
let actorId: string;
let reviewerId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('promoter');
  reviewerId = await testbed.createUser('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  bed = createImportBed(testbed, { workspaceId, actorId, reviewerId });
});
afterAll(() => testbed.close());

const ada = () =>
  testbed.createEntity(workspaceId, 'contact', {
    ...{ familyName: 'Ada', email: 'ada@example.com', locality: 'Chicago', externalId: 'C-1' },
  });

const read = (id: string, ...fields: string[]) =>
  readFields(testbed.runtime.pool, 'contact', id, fields);

async function contacts(): Promise<number> {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT count(*)::int AS count FROM third_party
    WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'`);
  return rows[0].count;
}

describe('a row with the external id of an entity', () => {
  it('changes the fields in which they differ, and none that it leaves blank', async () => {
    const id = await ada();

    const batchId = await bed.importAndPromote([
      { externalId: 'C-1', familyName: 'Ada', email: '', locality: 'Boston', region: 'MA' },
    ]);

    expect(await contacts()).toBe(1);
    expect(await read(id, 'familyName', 'email', 'locality', 'region', 'version')).toEqual({
      ...{ familyName: 'Ada', email: 'ada@example.com', locality: 'Boston', region: 'MA' },
      version: 2,
    });
    expect(await bed.changes(batchId)).toEqual([
      {
        ...{ kind: 'UPDATED', version: 2, entityId: id },
        before: { locality: 'Chicago', region: null },
        after: { locality: 'Boston', region: 'MA' },
      },
    ]);
    expect(await bed.lastCounts(batchId)).toMatchObject({ applied: 1, created: 0, unchanged: 0 });
  });

  it('leaves alone what is taken for a blank cell in a new entity', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', {
      ...{ kind: 'ORGANISATION', organisationName: 'Acme', externalId: 'C-1' },
    });

    await bed.importAndPromote([{ externalId: 'C-1', locality: 'Boston' }]);

    expect(await read(id, 'kind', 'locality')).toEqual({
      kind: 'ORGANISATION',
      locality: 'Boston',
    });
  });

  it('is judged as the entity it would make, so that it may say little', async () => {
    await ada();

    const batchId = await bed.importRows([{ externalId: 'C-1', locality: 'Boston' }]);

    const { rows } = await testbed.runtime.pool.query(
      'SELECT rule_id FROM finding WHERE batch_id = $1',
      [batchId],
    );
    expect(rows).toEqual([]);
  });

  it('changes nothing where nothing differs any more, and is counted as unchanged', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', { externalId: 'C-1' });
    const batchId = await bed.importRows([{ externalId: 'C-1', familyName: 'Ada' }]);
    await bed.decide(batchId, 'ACCEPTED');
    await setFields(testbed.runtime.pool, 'contact', id, { familyName: 'Ada' });
    await bed.promote(batchId);

    expect(await read(id, 'version')).toEqual({ version: 2 });
    expect(await bed.changes(batchId)).toEqual([]);
    expect(await bed.lastCounts(batchId)).toMatchObject({ applied: 1, unchanged: 1 });
    expect(await bed.statuses(batchId)).toEqual([{ status: 'PROMOTED', reason: null }]);
  });

  it('brings the values that were accepted for it, an empty one included', async () => {
    const id = await ada();
    const batchId = await bed.importRows([
      { externalId: 'C-1', phone: '(312) 555-0142', email: 'ada @ example' },
    ]);
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId, field: 'phone' });
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId, field: 'email', value: '' });
    await bed.decide(batchId, 'ACCEPTED');

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read(id, 'phone', 'email')).toEqual({ phone: '+13125550142', email: null });
  });

  it('goes on to what is accepted for it after its promotion', async () => {
    const id = await ada();
    const batchId = await bed.importAndPromote([{ externalId: 'C-1', phone: '(312) 555-0142' }]);
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId });

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read(id, 'phone', 'version')).toEqual({ phone: '+13125550142', version: 3 });
  });

  it('waits where it would refer to a site that was archived since', async () => {
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
    const deviceId = await testbed.createEntity(workspaceId, 'device', {
      ...{ serialNumber: 'S-1', externalId: 'D-1' },
    });
    const batchId = await bed.importRows([{ externalId: 'D-1', siteId }], { entityType: 'device' });
    await bed.decide(batchId, 'ACCEPTED');
    await testbed.runtime.pool.query(sql`
      UPDATE customer_site SET state = 'ARCHIVED' WHERE id = ${siteId}`);

    await bed.promote(batchId);

    expect(await bed.statuses(batchId)).toEqual([
      { status: null, reason: `No active site has the id ${siteId}.` },
    ]);
    expect(await readFields(testbed.runtime.pool, 'device', deviceId, ['siteId'])).toEqual({
      siteId: null,
    });
  });

  it('tells in a dry run what it would do, and does nothing', async () => {
    const id = await ada();
    const batchId = await bed.importRows([
      { externalId: 'C-1', locality: 'Boston' },
      { externalId: 'C-2', familyName: 'Zoe' },
      { externalId: 'C-2', familyName: 'Yma' },
    ]);
    await bed.decide(batchId, 'ACCEPTED');

    expect(await testbed.runtime.promotion.previewPromotion({ batchId, actorId })).toMatchObject({
      ...{ applied: 2, created: 1, unchanged: 0, conflict: 1, failed: 0, openErrors: 0 },
    });

    expect(await read(id, 'locality')).toEqual({ locality: 'Chicago' });
    expect(await contacts()).toBe(1);
  });

  it('changes no entity of another workspace, and none that is out of use', async () => {
    const elsewhere = await testbed.createWorkspace();
    await testbed.createEntity(elsewhere, 'contact', { familyName: 'Ida', externalId: 'C-1' });
    await testbed.createEntity(workspaceId, 'contact', {
      ...{ familyName: 'Old', externalId: 'C-1', state: 'ARCHIVED' },
    });

    const batchId = await bed.importAndPromote([{ externalId: 'C-1', familyName: 'Ada' }]);

    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });
});

describe('where the entity has gone on since the row was matched', () => {
  it('is archived, the record is a conflict, and matched anew when it is reopened', async () => {
    const id = await ada();
    const batchId = await bed.importRows([{ externalId: 'C-1', familyName: 'Ada King' }]);
    await bed.decide(batchId, 'ACCEPTED');
    await testbed.runtime.pool.query(sql`
      UPDATE third_party SET state = 'ARCHIVED' WHERE id = ${id}`);
    await bed.promote(batchId);
    expect(await bed.statuses(batchId)).toEqual([
      { status: 'CONFLICT', reason: 'The contact has been archived since it was looked at.' },
    ]);

    await bed.decide(batchId, 'OPEN');
    await bed.decide(batchId, 'ACCEPTED');

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });

  it('has the wanted values by now, nothing is changed', async () => {
    const id = await ada();
    const batchId = await bed.importRows([{ externalId: 'C-1', locality: 'Boston' }]);
    await bed.decide(batchId, 'ACCEPTED');
    await setFields(testbed.runtime.pool, 'contact', id, { locality: 'Boston' });

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await bed.lastCounts(batchId)).toMatchObject({ applied: 1, unchanged: 1, conflict: 0 });
  });
});

describe('the reversal of an update', () => {
  const revert = async (batchId: string) => {
    await testbed.runtime.reversal.revertPromotion({ batchId, actorId });
    return testbed.untilResting(batchId);
  };

  it('brings the values back that were there before', async () => {
    const id = await ada();
    const batchId = await bed.importAndPromote([{ externalId: 'C-1', locality: 'Boston' }]);

    await revert(batchId);

    expect(await read(id, 'locality', 'state')).toEqual({ locality: 'Chicago', state: 'ACTIVE' });
    expect(await bed.statuses(batchId)).toMatchObject([{ status: 'REVERTED' }]);
  });

  it('leaves a record that can be reopened and promoted again', async () => {
    const id = await ada();
    const batchId = await bed.importAndPromote([{ externalId: 'C-1', locality: 'Boston' }]);
    await revert(batchId);
    await bed.decide(batchId, 'OPEN');
    await bed.decide(batchId, 'ACCEPTED');

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read(id, 'locality')).toEqual({ locality: 'Boston' });
  });

  it('of another batch leaves a record reopenable that had nothing to change', async () => {
    const id = await ada();
    const row = { externalId: 'C-1', locality: 'Boston' };
    const [other, batchId] = [await bed.importRows([row]), await bed.importRows([row])];
    for (const each of [other, batchId]) {
      await bed.decide(each, 'ACCEPTED');
      await bed.promote(each);
    }
    await revert(other);
    await bed.decide(batchId, 'OPEN');
    await bed.decide(batchId, 'ACCEPTED');

    await bed.promote(batchId);

    expect(await read(id, 'locality')).toEqual({ locality: 'Boston' });
  });
});
