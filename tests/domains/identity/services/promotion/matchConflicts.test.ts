import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ResolveConflictInput,
  resolveConflict,
} from '../../../../../src/domains/identity/services/promotion/resolveConflict.ts';
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

const resolve = (batchId: string, input: Partial<ResolveConflictInput>): Promise<void> =>
  resolveConflict(testbed.runtime.pool, {
    ...{ batchId, rowIndex: 0, actorId: reviewerId, resolution: 'OURS', values: [] },
    ...{ entityVersion: null, comment: null, ...input },
  });

async function contacts() {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT family_name AS "familyName" FROM third_party
    WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE' ORDER BY family_name`);
  return rows.map(({ familyName }) => familyName);
}

describe('an import of an entity that somebody has changed since', () => {
  let id: string;
  let batchId: string;

  beforeEach(async () => {
    id = await testbed.createEntity(workspaceId, 'contact', {
      ...{ familyName: 'Ada', locality: 'Chicago', phone: '+13125550142', externalId: 'C-1' },
    });
    batchId = await bed.importRows([
      { externalId: 'C-1', locality: 'Boston', phone: '+13125550143' },
    ]);
    await bed.decide(batchId, 'ACCEPTED');
    await setFields(testbed.runtime.pool, 'contact', id, { locality: 'Austin' });
    await bed.promote(batchId);
  });

  const read = () => readFields(testbed.runtime.pool, 'contact', id, ['locality', 'phone']);

  it('is a conflict, and changes nothing', async () => {
    expect(await bed.statuses(batchId)).toMatchObject([{ status: 'CONFLICT' }]);
    expect(await read()).toEqual({ locality: 'Austin', phone: '+13125550142' });
  });

  it('keeps theirs, and is rejected', async () => {
    await resolve(batchId, { resolution: 'THEIRS' });

    expect(await bed.statuses(batchId)).toEqual([{ status: null, reason: null }]);
    expect(await read()).toEqual({ locality: 'Austin', phone: '+13125550142' });
    await expect(bed.promote(batchId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('brings ours with the next promotion', async () => {
    await resolve(batchId, { resolution: 'OURS', entityVersion: 2 });

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read()).toEqual({ locality: 'Boston', phone: '+13125550143' });
  });

  it('brings an edited value of a field that the row has, beside the others of the row', async () => {
    await resolve(batchId, {
      resolution: 'EDITED',
      values: [{ field: 'locality', value: 'Dallas' }],
    });

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read()).toEqual({ locality: 'Dallas', phone: '+13125550143' });
  });

  it('refuses an edited value of a field that the row says nothing of', async () => {
    await expect(
      resolve(batchId, { resolution: 'EDITED', values: [{ field: 'region', value: 'TX' }] }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'input.values.0.field' },
    });
  });

  it('refuses an edited value that the rules refuse', async () => {
    await expect(
      resolve(batchId, { resolution: 'EDITED', values: [{ field: 'phone', value: '555' }] }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('brings the row as it came when it is reopened, on the entity as it is now', async () => {
    await resolve(batchId, {
      resolution: 'EDITED',
      values: [{ field: 'locality', value: 'Dallas' }],
    });
    await bed.decide(batchId, 'OPEN');
    await bed.decide(batchId, 'ACCEPTED');

    await bed.promote(batchId);

    expect(await read()).toEqual({ locality: 'Boston', phone: '+13125550143' });
  });
});

describe('of several rows with one external id', () => {
  it('the first one makes an entity, and the others are conflicts with it', async () => {
    const batchId = await bed.importAndPromote([
      { externalId: 'C-1', familyName: 'Ada' },
      { externalId: 'C-1', familyName: 'Ida' },
    ]);

    expect(await contacts()).toEqual(['Ada']);
    expect(await bed.statuses(batchId)).toMatchObject([
      { status: 'PROMOTED' },
      {
        status: 'CONFLICT',
        reason: 'Record 0 of this batch has the external id "C-1" too, and came first.',
      },
    ]);
    await resolve(batchId, { rowIndex: 1, resolution: 'OURS' });
    await bed.promote(batchId);
    expect(await contacts()).toEqual(['Ida']);
  });

  it('the first one changes an entity, and the others are conflicts unless they say the same', async () => {
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Eve', externalId: 'C-1' });

    const batchId = await bed.importAndPromote([
      { externalId: 'C-1', familyName: 'Ada' },
      { externalId: 'C-1', familyName: 'Ida' },
      { externalId: 'C-1', familyName: 'Ada' },
    ]);

    expect(await contacts()).toEqual(['Ada']);
    expect(await bed.statuses(batchId)).toMatchObject([
      { status: 'PROMOTED' },
      {
        status: 'CONFLICT',
        reason: 'Record 0 of this batch has changed the contact too, and came first.',
      },
      { status: 'PROMOTED' },
    ]);
    expect(await bed.changes(batchId)).toHaveLength(1);
  });
});

describe('a row whose external id an entity has come to have meanwhile', () => {
  it('is a conflict with it, and updates it when that is resolved so', async () => {
    const batchId = await bed.importRows([{ externalId: 'C-1', familyName: 'Ada' }]);
    await bed.decide(batchId, 'ACCEPTED');
    await bed.importAndPromote([{ externalId: 'C-1', familyName: 'Ida' }]);

    await bed.promote(batchId);

    expect(await bed.statuses(batchId)).toEqual([
      {
        status: 'CONFLICT',
        reason: 'A contact with the external id "C-1" has come to be since the row was looked at.',
      },
    ]);
    await resolve(batchId, { resolution: 'OURS' });
    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await contacts()).toEqual(['Ada']);
  });

  it('makes no second entity when two batches are promoted at once', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({
      ...{ externalId: `C-${index}`, familyName: `Caller ${index}` },
    }));
    const batches = [await bed.importRows(rows), await bed.importRows(rows)];
    for (const batchId of batches) await bed.decide(batchId, 'ACCEPTED');

    await Promise.all(batches.map((batchId) => bed.promote(batchId)));

    expect(await contacts()).toHaveLength(40);
    const counts = await Promise.all(batches.map((batchId) => bed.lastCounts(batchId)));
    expect(counts.map(({ applied }) => applied).toSorted()).toEqual([0, 40]);
    expect(counts.map(({ conflict }) => conflict).toSorted()).toEqual([0, 40]);
  });
});

it('makes no third entity where two have come to have the external id, and says so until it is one', async () => {
  const batchId = await bed.importRows([{ externalId: 'C-1', familyName: 'Eve' }]);
  await bed.decide(batchId, 'ACCEPTED');
  const ids = [];
  for (const familyName of ['Ada', 'Ida']) {
    ids.push(await testbed.createEntity(workspaceId, 'contact', { familyName, externalId: 'C-1' }));
  }
  await bed.promote(batchId);
  expect(await bed.statuses(batchId)).toEqual([
    {
      status: 'FAILED',
      reason: '2 contacts have the external id "C-1". Merge them, or change it, and promote again.',
    },
  ]);
  await testbed.runtime.pool.query(sql`
    UPDATE third_party SET state = 'ARCHIVED' WHERE id = ${ids[1]}`);

  await bed.promote(batchId);
  await resolve(batchId, { resolution: 'OURS' });
  await bed.promote(batchId);

  expect(await contacts()).toEqual(['Eve']);
});
