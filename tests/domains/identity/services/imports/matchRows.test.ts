import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { ada, adaAgain } from '../duplicates/people.ts';
import { createImportBed, type ImportBed } from '../promotion/importBed.ts';

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

const contact = (fields: object) => testbed.createEntity(workspaceId, 'contact', fields);
const device = (fields: object) => testbed.createEntity(workspaceId, 'device', fields);

const ADA = { givenName: 'Ada', familyName: 'Byron', email: 'ada@example.com' };

async function matches(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT s.match_kind AS kind, s.match_by AS by, s.matched_id AS id, s.status, s.reason,
           ARRAY (SELECT c->>'entityId' FROM jsonb_array_elements(s.candidates) c) AS candidates
    FROM staged_record r LEFT JOIN staged_record_state s USING (batch_id, row_index)
    WHERE r.batch_id = ${batchId} ORDER BY row_index`);
  return rows;
}

async function matchOf(row: object, entityType: 'contact' | 'site' | 'device' = 'contact') {
  return (await matches(await bed.importRows([{ ...row }], { entityType })))[0];
}

const NEW = { kind: null, id: null, status: null };

describe('a row is an update', () => {
  it('of the entity whose id it names, before all else', async () => {
    const id = await contact({ familyName: 'Ida', externalId: 'C-1' });
    await contact({ ...ADA, externalId: 'C-2' });

    expect(await matchOf({ ...ADA, id: ` ${id.toUpperCase()} ` })).toMatchObject({
      ...{ kind: 'UPDATE', by: 'ID', id },
    });
  });

  it('of the entity with its external id, before those that are like it', async () => {
    const id = await contact({ familyName: 'Ida', externalId: 'C-1' });
    await contact(ADA);

    expect(await matchOf({ ...ADA, externalId: 'C-1' })).toMatchObject({
      ...{ kind: 'UPDATE', by: 'EXTERNAL_ID', id },
    });
  });

  it.each([
    ['mailbox and name', ADA, { ...ADA, email: 'ADA@example.com', familyName: 'BYRON' }],
    [
      'phone number and name',
      { givenName: 'Ada', familyName: 'Byron', phone: '+13125550142' },
      { givenName: 'Ada', familyName: 'Byron', phone: '(312) 555-0142' },
    ],
  ])('of the contact with its %s', async (_what, present, row) => {
    const id = await contact(present);

    expect(await matchOf({ ...row, externalId: 'C-9' })).toMatchObject({
      ...{ kind: 'UPDATE', by: 'STRONG_KEY', id },
    });
  });

  it('of the site with its name and address', async () => {
    const present = { name: 'Depot', addressLine1: '1 Main St.', locality: 'Chicago' };
    const id = await testbed.createEntity(workspaceId, 'site', present);

    const row = { name: 'DEPOT', addressLine1: '1 Main St', locality: 'Chicago', timeZone: 'UTC' };
    expect(await matchOf(row, 'site')).toMatchObject({ kind: 'UPDATE', by: 'STRONG_KEY', id });
  });

  it.each([
    ['manufacturer and serial number', { manufacturer: 'Acme', serialNumber: 'BM-100234' }],
    ['MAC address', { macAddress: '00:1B:44:11:3A:B7' }],
  ])('of the device with its %s', async (_what, present) => {
    const id = await device(present);

    const row = { ...present, model: 'X1', macAddress: '00-1b-44-11-3a-b7' };
    expect(await matchOf(row, 'device')).toMatchObject({ kind: 'UPDATE', by: 'STRONG_KEY', id });
  });

  it('also of an entity that has come to be like it since the last import', async () => {
    expect(await matchOf(ADA)).toMatchObject(NEW);
    const id = await contact({ familyName: 'Lovelace', email: 'love@example.com' });
    expect(await matchOf({ ...ADA, email: 'new@example.com' })).toMatchObject(NEW);
    await setFields(testbed.runtime.pool, 'contact', id, ADA);

    expect(await matchOf(ADA)).toMatchObject({ id });
    await testbed.runtime.pool.query(sql`
      UPDATE third_party SET state = 'ARCHIVED' WHERE id = ${id}`);

    expect(await matchOf(ADA)).toMatchObject(NEW);
  });
});

describe('a row is new', () => {
  it('where another name has the same mailbox', async () => {
    await contact(ADA);

    expect(await matchOf({ ...ADA, givenName: 'Zoe', familyName: 'Quist' })).toMatchObject(NEW);
  });

  it('where another manufacturer has the serial number', async () => {
    await device({ manufacturer: 'Acme', serialNumber: 'BM-100234' });

    const row = { manufacturer: 'Zenith', serialNumber: 'BM-100234' };
    expect(await matchOf(row, 'device')).toMatchObject(NEW);
  });

  it('where another workspace has the entity', async () => {
    const elsewhere = await testbed.createWorkspace();
    await testbed.createEntity(elsewhere, 'contact', ADA);

    expect(await matchOf(ADA)).toMatchObject(NEW);
  });
});

describe('a row that names an id is invalid', () => {
  it('in the same words where there is no such entity and where it is of another workspace', async () => {
    const elsewhere = await testbed.createWorkspace();
    const foreign = await testbed.createEntity(elsewhere, 'contact', ADA);
    const missing = '00000000-0000-7000-8000-000000000000';
    const archived = await contact({ ...ADA, state: 'ARCHIVED' });

    const batchId = await bed.importRows([
      ...[foreign, missing, archived].map((id) => ({ ...ADA, id })),
      { ...ADA, id: 'C-1' },
    ]);

    expect(await bed.statuses(batchId)).toEqual([
      ...[foreign, missing, archived].map((id) => ({
        ...{ status: 'INVALID', reason: `id: this workspace has no active contact ${id}.` },
      })),
      {
        status: 'INVALID',
        reason: 'id: expected the id (UUID) of an entity of this workspace, got "C-1".',
      },
    ]);
  });
});

describe('a row is ambiguous', () => {
  it('where several entities have its external id', async () => {
    const ids = [
      await contact({ ...ADA, externalId: 'C-1' }),
      await contact({ externalId: 'C-1' }),
    ];

    expect(await matchOf({ externalId: 'C-1', familyName: 'Byron' })).toMatchObject({
      ...{ kind: 'AMBIGUOUS', by: 'EXTERNAL_ID', id: null, candidates: ids.toSorted() },
    });
  });

  it('where several entities have what identifies it', async () => {
    const ids = [await contact(ADA), await contact(ADA)];

    expect(await matchOf(ADA)).toMatchObject({
      ...{ kind: 'AMBIGUOUS', by: 'STRONG_KEY', candidates: ids.toSorted() },
    });
  });

  it('where what identifies it belongs to an entity with another external id', async () => {
    const id = await contact({ ...ADA, externalId: 'C-1' });

    expect(await matchOf({ ...ADA, externalId: 'C-2' })).toMatchObject({
      ...{ kind: 'AMBIGUOUS', by: 'STRONG_KEY', candidates: [id] },
    });
  });

  it('where birth dates speak against a name and mailbox', async () => {
    const id = await contact({ ...ADA, birthDate: new Date('1990-01-01') });

    expect(await matchOf({ ...ADA, birthDate: '1960-01-01' })).toMatchObject({
      ...{ kind: 'AMBIGUOUS', candidates: [id] },
    });
  });

  it('where it is not known who made a device', async () => {
    const id = await device({ manufacturer: 'Acme', serialNumber: 'BM-100234' });

    expect(await matchOf({ serialNumber: 'BM-100234' }, 'device')).toMatchObject({
      ...{ kind: 'AMBIGUOUS', candidates: [id] },
    });
  });

  it('is not accepted, and under autoPromote not promoted', async () => {
    await contact({ ...ADA, externalId: 'C-1' });
    const rows = [
      { ...ADA, externalId: 'C-2' },
      { familyName: 'Zoe', email: 'zoe@example.com' },
    ];

    const batchId = await bed.importRows(rows, { autoPromote: true });
    await bed.decide(batchId, 'ACCEPTED', [0]);

    expect(await bed.statuses(batchId)).toMatchObject([{ status: null }, { status: 'PROMOTED' }]);
    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });
});

describe('a row that says nothing new', () => {
  it('is unchanged, has no findings, and leaves its batch with nothing to do', async () => {
    await contact({ familyName: 'Byron', email: 'no address', externalId: 'C-1' });

    const batchId = await bed.importRows([
      { externalId: 'C-1', familyName: 'Byron', email: 'no address', phone: ' ' },
    ]);

    expect(await matches(batchId)).toMatchObject([{ kind: 'UNCHANGED', status: null }]);
    expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'COMPLETED' });
    const { rows } = await testbed.runtime.pool.query('SELECT FROM finding WHERE batch_id = $1', [
      batchId,
    ]);
    expect(rows).toEqual([]);
  });

  it('is left alone when all others are accepted and promoted', async () => {
    await contact({ ...ADA, externalId: 'C-1' });
    const batchId = await bed.importRows([
      { ...ADA, externalId: 'C-1' },
      { familyName: 'Zoe', email: 'zoe@example.com' },
    ]);
    await bed.decide(batchId, 'ACCEPTED');

    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });
});

describe('an external id that an update brings', () => {
  it('is not given to a second entity', async () => {
    const id = await contact(ADA);
    const rows = [{ ...ADA, externalId: 'C-1' }];
    const batchId = await bed.importRows(rows);
    await contact({ familyName: 'Zoe', externalId: 'C-1' });
    await bed.decide(batchId, 'ACCEPTED');

    await bed.promote(batchId);

    expect(await matches(batchId)).toMatchObject([
      { id, status: 'FAILED', reason: 'Another contact has the external id "C-1" already.' },
    ]);
  });
});

describe('of two rows that match the same entity by what identifies it', () => {
  it('the first one that is promoted wins, and the other is a conflict', async () => {
    await contact(ADA);
    const batchId = await bed.importRows([
      { ...ADA, locality: 'Boston' },
      { ...ADA, locality: 'Chicago' },
    ]);
    await bed.decide(batchId, 'ACCEPTED');

    await bed.promote(batchId);

    expect(await bed.statuses(batchId)).toMatchObject([
      { status: 'PROMOTED' },
      { status: 'CONFLICT' },
    ]);
  });
});

describe('a row that is probably an entity', () => {
  it('is ambiguous, with the probability and why, also where there is one candidate alone', async () => {
    const id = await contact(ada);

    const batchId = await bed.importRows([
      { ...adaAgain },
      { familyName: 'Nobody', givenName: 'Else' },
    ]);

    const [probable, other] = await matches(batchId);
    expect(probable).toMatchObject({ kind: 'AMBIGUOUS', by: 'PROBABILITY', candidates: [id] });
    expect(other).toMatchObject(NEW);
    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT (candidates->0->'explanation'->>'probability')::float AS probability
      FROM staged_record_state WHERE batch_id = ${batchId} AND row_index = 0`);
    expect(rows[0].probability).toBeGreaterThan(0.9);
  });

  it('is not promoted unseen, and promoted as what somebody chose', async () => {
    const id = await contact(ada);
    const batchId = await bed.importRows([{ ...adaAgain }], { autoPromote: true });
    expect(await bed.changes(batchId)).toEqual([]);

    await testbed.runtime.matchChoice.chooseMatch({
      ...{ batchId, actorId: reviewerId, comment: null },
      choices: [{ rowIndex: 0, entityId: id, version: 0 }],
    });
    await bed.decide(batchId, 'ACCEPTED');
    await bed.promote(batchId);

    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'UPDATED', entityId: id }]);
  });

  it('is new where their external ids differ', async () => {
    await contact({ ...ada, externalId: 'C-1' });

    expect(await matchOf({ ...adaAgain, externalId: 'C-2' })).toMatchObject(NEW);
  });

  it('is new where the workspace does not look for duplicates', async () => {
    await contact(ada);
    await testbed.runtime.pool.query(sql`
      INSERT INTO rule_setting (workspace_id, rule_id, enabled)
      VALUES (${workspaceId}, 'contact.duplicate', false)`);

    expect(await matchOf(adaAgain)).toMatchObject(NEW);
  });
});
