import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import { resolveConflict } from '../../../../../src/domains/identity/services/promotion/resolveConflict.ts';
import type { StagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
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
});
afterAll(() => testbed.close());

async function importContacts(
  rows: readonly StagedRow['rawData'][],
  autoPromote = false,
): Promise<string> {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: actorId, title: 'Contacts', sourceType: 'API_IMPORT' },
    ...{ profile: 'contactImport', autoPromote },
    rows: rows.map((rawData) => ({ entityType: 'contact', rawData })),
  });
  await testbed.untilResting(batch.id);
  return batch.id;
}

async function decide(
  batchId: string,
  decision: 'ACCEPTED' | 'REJECTED',
  rowIndexes: readonly number[],
  decidedBy = reviewerId,
): Promise<void> {
  await testbed.runtime.pool.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, decision, decision_version, decided_by_id)
    SELECT ${batchId}::uuid, row_index, ${decision}::finding_decision, 1, ${decidedBy}::uuid
    FROM unnest(${rowIndexes}::int[]) AS row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET decision = excluded.decision,
      decision_version = staged_record_state.decision_version + 1,
      decided_by_id = excluded.decided_by_id`);
}

async function promote(batchId: string): Promise<StagedBatch> {
  await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId });
  return testbed.untilResting(batchId);
}

async function production() {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT family_name AS "familyName", phone FROM third_party
     WHERE workspace_id = $1 ORDER BY family_name`,
    [workspaceId],
  );
  return rows;
}

async function statuses(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT status, reason, entity_id IS NOT NULL AS made FROM staged_record_state
     WHERE batch_id = $1 ORDER BY row_index`,
    [batchId],
  );
  return rows;
}

async function lastCounts(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(
    'SELECT counts FROM batch_run WHERE batch_id = $1 ORDER BY id DESC LIMIT 1',
    [batchId],
  );
  return rows[0].counts;
}

const ada = { familyName: 'Ada', phone: '(312) 555-0142' };
const zoe = { familyName: 'Zoe', email: 'zoe@example.com' };

describe('the promotion of an import', () => {
  it('creates accepted records only, with the values that were accepted for them', async () => {
    const batchId = await importContacts([ada, zoe]);
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId });
    await decide(batchId, 'ACCEPTED', [0]);

    expect(await promote(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });

    expect(await production()).toEqual([{ familyName: 'Ada', phone: '+13125550142' }]);
    const { rows } = await testbed.runtime.pool.query(
      `SELECT kind, actor_id AS "actorId", before, after->>'phone' AS phone,
              (SELECT bool_and(applied) FROM finding WHERE batch_id = $1) AS applied
       FROM entity_change WHERE batch_id = $1`,
      [batchId],
    );
    expect(rows).toEqual([
      { kind: 'CREATED', actorId, before: null, phone: '+13125550142', applied: true },
    ]);
  });

  it('takes the values as they came where nothing was accepted for them', async () => {
    const batchId = await importContacts([ada]);
    await decide(batchId, 'ACCEPTED', [0]);

    await promote(batchId);

    expect(await production()).toEqual([ada]);
  });

  it('creates a record once, however often it is promoted', async () => {
    const batchId = await importContacts([ada, zoe]);
    await decide(batchId, 'ACCEPTED', [0]);
    await promote(batchId);
    await decide(batchId, 'ACCEPTED', [1]);

    await promote(batchId);

    expect((await production()).map(({ familyName }) => familyName)).toEqual(['Ada', 'Zoe']);
    expect(await statuses(batchId)).toEqual([
      { status: 'PROMOTED', reason: null, made: true },
      { status: 'PROMOTED', reason: null, made: true },
    ]);
    await expect(promote(batchId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is completed when every record is created or rejected', async () => {
    const batchId = await importContacts([ada, zoe]);
    await decide(batchId, 'ACCEPTED', [0]);
    await decide(batchId, 'REJECTED', [1]);
    await testbed.runtime.pool.query(`UPDATE finding SET decision = 'WAIVED' WHERE batch_id = $1`, [
      batchId,
    ]);

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });
  });

  it('holds an accepted record back while an error of it is undecided', async () => {
    const batchId = await importContacts([{ email: 'nameless@example.com' }]);
    await decide(batchId, 'ACCEPTED', [0]);

    await expect(promote(batchId)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('errors of the records that wait (1)'),
    });
    expect(await production()).toEqual([]);
  });

  it('counts the accepted records that it holds back, in a dry run too', async () => {
    const batchId = await importContacts([zoe, { email: 'nameless@example.com' }]);
    await decide(batchId, 'ACCEPTED', [0, 1]);
    expect(await testbed.runtime.promotion.previewPromotion({ batchId, actorId })).toMatchObject({
      ...{ applied: 1, openErrors: 1 },
    });

    await promote(batchId);

    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, openErrors: 1 });
  });

  it('keeps no other record back for one that can not be read as what was accepted', async () => {
    const batchId = await importContacts([ada, zoe, ada]);
    await testbed.runtime.pool.query(sql`
      UPDATE finding SET field = 'birthDate', suggested_value = 'never', decision = 'ACCEPTED'
      WHERE batch_id = ${batchId} AND row_index = 0`);
    await decide(batchId, 'ACCEPTED', [0, 1]);

    await promote(batchId);

    expect(await production()).toEqual([{ familyName: 'Zoe', phone: null }]);
    expect(await statuses(batchId)).toMatchObject([
      { status: 'FAILED', reason: expect.stringContaining('birthDate') },
      { status: 'PROMOTED' },
    ]);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, failed: 1 });
  });

  it('keeps no other record back for one that the database refuses', async () => {
    const batchId = await importContacts([
      ada,
      zoe,
      { familyName: 'Yma', email: 'yma@example.com' },
    ]);
    await testbed.runtime.pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE check_violation USING MESSAGE = 'no Zoe here'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON third_party FOR EACH ROW
        WHEN (NEW.family_name = 'Zoe') EXECUTE FUNCTION refuse()`);
    await decide(batchId, 'ACCEPTED', [0, 1, 2]);

    await promote(batchId);
    await testbed.runtime.pool.query('DROP TRIGGER refuse ON third_party; DROP FUNCTION refuse');

    expect((await production()).map(({ familyName }) => familyName)).toEqual(['Ada', 'Yma']);
    expect(await statuses(batchId)).toMatchObject([
      { status: 'PROMOTED' },
      { status: 'FAILED', reason: "The value can't be stored: no Zoe here." },
      { status: 'PROMOTED' },
    ]);

    await promote(batchId);
    expect(await production()).toHaveLength(3);
  });

  it('leaves what the promoter decided for somebody else, where four eyes are wanted', async () => {
    await testbed.runtime.pool.query('UPDATE workspace SET four_eyes = true WHERE id = $1', [
      workspaceId,
    ]);
    const batchId = await importContacts([
      ada,
      zoe,
      { familyName: 'Yma', email: 'yma@example.com' },
    ]);
    await acceptFindings(testbed, { batchId, decidedBy: actorId });
    await decide(batchId, 'ACCEPTED', [0, 1]);
    await decide(batchId, 'ACCEPTED', [2], actorId);

    await promote(batchId);

    expect((await production()).map(({ familyName }) => familyName)).toEqual(['Zoe']);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, fourEyes: 2 });
  });

  it('goes on by itself under autoPromote, and later with what is accepted of the rest', async () => {
    const batchId = await importContacts([zoe, { email: 'nameless@example.com' }], true);
    expect(await production()).toHaveLength(1);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, openErrors: 1 });
    await testbed.runtime.pool.query(sql`
      UPDATE finding SET decision = 'ACCEPTED', edited_value = 'Okafor', field = 'familyName',
             decided_by_id = ${reviewerId}
      WHERE batch_id = ${batchId}`);
    await decide(batchId, 'ACCEPTED', [1]);

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect((await production()).map(({ familyName }) => familyName)).toEqual(['Okafor', 'Zoe']);
  });
});

describe('a finding that is accepted after its imported record was promoted', () => {
  async function promoteThenAccept(): Promise<string> {
    const batchId = await importContacts([ada]);
    await decide(batchId, 'ACCEPTED', [0]);
    await promote(batchId);
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId });
    return batchId;
  }

  it('changes what was made of the record, and makes nothing new', async () => {
    const batchId = await promoteThenAccept();

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await production()).toEqual([{ familyName: 'Ada', phone: '+13125550142' }]);
    const { rows } = await testbed.runtime.pool.query(
      'SELECT kind, version, after FROM entity_change WHERE batch_id = $1 ORDER BY version',
      [batchId],
    );
    expect(rows).toMatchObject([
      { kind: 'CREATED', version: 1 },
      { kind: 'UPDATED', version: 2, after: { phone: '+13125550142' } },
    ]);
  });

  it('is a conflict where somebody has changed the entity since, and can be resolved', async () => {
    const batchId = await promoteThenAccept();
    await testbed.runtime.pool.query(
      `UPDATE third_party SET family_name = 'Ida' WHERE workspace_id = $1`,
      [workspaceId],
    );
    await promote(batchId);
    expect(await statuses(batchId)).toMatchObject([{ status: 'CONFLICT' }]);
    await resolveConflict(testbed.runtime.pool, {
      ...{ batchId, rowIndex: 0, actorId, resolution: 'OURS', values: [] },
      ...{ entityVersion: 2, comment: null },
    });

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await production()).toEqual([{ familyName: 'Ida', phone: '+13125550142' }]);
  });

  it('makes nothing new either when it is refused', async () => {
    const batchId = await promoteThenAccept();
    await testbed.runtime.pool.query(
      `UPDATE finding SET field = 'kind', suggested_value = '' WHERE batch_id = $1`,
      [batchId],
    );
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await promote(batchId);
      expect(await statuses(batchId)).toMatchObject([{ status: 'FAILED' }]);
    }
    expect(await production()).toHaveLength(1);
  });
});
