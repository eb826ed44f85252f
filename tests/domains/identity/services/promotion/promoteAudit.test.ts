import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import type { StagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { readFields, setFields } from '../../support/changes.ts';
import {
  createIdentityTestbed,
  type IdentityTestbed,
  QUEUES,
} from '../../support/identityTestbed.ts';

const WRONG_PHONE = { familyName: 'Okafor', phone: '(312) 555-0142' };
const RIGHT_PHONE = '+13125550142';

describe.each(QUEUES)('with the queue in $queue, the promotion of an audit', ({ redisUrl }) => {
  let testbed: IdentityTestbed;
  let workspaceId: string;
  let actorId: string;
  let reviewerId: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    await testbed.startWorker();
    actorId = await testbed.createUser('promoter');
    reviewerId = await testbed.createUser('reviewer');
  });
  beforeEach(async () => {
    workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  });
  afterAll(() => testbed.close());

  async function audit(): Promise<string> {
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy: actorId,
    });
    await testbed.untilResting(batch.id);
    return batch.id;
  }

  /** Accepts all suggestions of an audit of what there is. */
  async function auditAndAccept(): Promise<string> {
    const batchId = await audit();
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId });
    return batchId;
  }

  async function promote(batchId: string): Promise<StagedBatch> {
    await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId });
    return testbed.untilResting(batchId);
  }

  const read = (entityType: EntityType, id: string, ...fields: string[]) =>
    readFields(testbed.runtime.pool, entityType, id, [...fields, 'version']);

  async function historyOf(entityId: string) {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT kind, version, batch_id AS "batchId", row_index AS "rowIndex", actor_id AS "actorId",
              before, after FROM entity_change WHERE entity_id = $1 ORDER BY version`,
      [entityId],
    );
    return rows;
  }

  async function recordsOf(batchId: string) {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT row_index AS "rowIndex", status, reason, base_version AS "baseVersion"
       FROM staged_record_state WHERE batch_id = $1 ORDER BY row_index`,
      [batchId],
    );
    return rows;
  }

  async function lastCounts(batchId: string) {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT counts, finished_at IS NOT NULL AS finished FROM batch_run
       WHERE batch_id = $1 ORDER BY id DESC LIMIT 1`,
      [batchId],
    );
    expect(rows[0].finished).toBe(true);
    return rows[0].counts;
  }

  it('puts accepted values into production, with their history', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read('contact', id, 'phone', 'familyName')).toEqual({
      phone: RIGHT_PHONE,
      familyName: 'Okafor',
      version: 2,
    });
    expect(await historyOf(id)).toEqual([
      {
        kind: 'UPDATED',
        version: 2,
        batchId,
        rowIndex: 0,
        actorId,
        before: { phone: '(312) 555-0142' },
        after: { phone: RIGHT_PHONE },
      },
    ]);
    expect(await recordsOf(batchId)).toMatchObject([{ status: 'PROMOTED', baseVersion: 2 }]);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, unchanged: 0, conflict: 0 });
  });

  it('applies values of every type as the type of their field', async () => {
    const ownerId = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot', ownerId });
    const deviceId = await testbed.createEntity(workspaceId, 'device', { serialNumber: 'A-1' });
    const batchId = await audit();
    await replaceFindings(batchId, siteId, { latitude: '41.8818', ownerId: '', timeZone: 'UTC' });
    await replaceFindings(batchId, deviceId, { installedOn: '2020-02-29', status: 'RETIRED' });

    await promote(batchId);

    expect(await historyOf(siteId)).toMatchObject([
      {
        before: { latitude: null, ownerId, timeZone: null },
        after: { latitude: 41.8818, ownerId: null, timeZone: 'UTC' },
      },
    ]);
    expect(await historyOf(deviceId)).toMatchObject([
      {
        before: { installedOn: null, status: 'ACTIVE' },
        after: { installedOn: '2020-02-29', status: 'RETIRED' },
      },
    ]);
    expect(await read('site', siteId, 'latitude', 'ownerId')).toMatchObject({
      latitude: 41.8818,
      ownerId: null,
    });
  });

  it('may be called again for what is accepted later', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', {
      ...WRONG_PHONE,
      familyName: ' Okafor',
    });
    const batchId = await audit();
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId, field: 'phone' });
    expect(await promote(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId });

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read('contact', id, 'phone', 'familyName')).toMatchObject({
      phone: RIGHT_PHONE,
      familyName: 'Okafor',
      version: 3,
    });
  });

  it('takes single records where they are named', async () => {
    const first = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const second = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();

    const rowIndexes = [1];
    await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId, rowIndexes });
    await testbed.untilResting(batchId);

    expect(await read('contact', first, 'phone')).toMatchObject({ phone: WRONG_PHONE.phone });
    expect(await read('contact', second, 'phone')).toMatchObject({ phone: RIGHT_PHONE });
    expect(await recordsOf(batchId)).toMatchObject([{ rowIndex: 1, status: 'PROMOTED' }]);
  });

  it.each([
    { state: 'ARCHIVED', reason: 'has been archived since.' },
    { state: 'MERGED', reason: 'has been merged into SURVIVOR since.' },
  ])('lets nothing refer to what is $state since it was decided on', async ({ state, reason }) => {
    const survivorId = await testbed.createEntity(workspaceId, 'site', { name: 'Yard' });
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
    const deviceId = await testbed.createEntity(workspaceId, 'device', { serialNumber: 'A-1' });
    const batchId = await audit();
    const { rows } = await testbed.runtime.pool.query(
      `UPDATE finding SET decision = 'ACCEPTED', version = 1, edited_value = $2
       WHERE batch_id = $1 AND rule_id = 'device.site.missing' RETURNING row_index AS "rowIndex"`,
      [batchId, siteId],
    );
    await testbed.runtime.pool.query(sql`
      UPDATE customer_site SET state = ${state}::entity_state,
        merged_into_id = CASE ${state} WHEN 'MERGED' THEN ${survivorId}::uuid END
      WHERE id = ${siteId}`);

    await promote(batchId);

    expect(await read('device', deviceId, 'siteId')).toMatchObject({ siteId: null });
    expect(await recordsOf(batchId)).toMatchObject([
      {
        ...{ ...rows[0], status: 'CONFLICT' },
        reason: `The site ${siteId} ${reason.replace('SURVIVOR', survivorId)}`,
      },
    ]);
  });

  it('refuses when nothing is accepted, and changes nothing', async () => {
    await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await audit();

    await expect(promote(batchId)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Accept something'),
    });
    expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });
  });

  it('applies an edited value, and the first of two suggestions for a field', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const other = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await audit();
    await replaceFindings(batchId, id, { phone: '+13125550100' }, { phone: 'edited' });
    await replaceFindings(batchId, other, { phone: 'first' }, { phone: 'edited' }, { phone: 'x' });
    await testbed.runtime.pool.query(
      `UPDATE finding SET edited_value = NULL WHERE batch_id = $1 AND entity_id = $2`,
      [batchId, other],
    );
    await testbed.runtime.pool.query(
      `UPDATE finding SET edited_value = suggested_value
       WHERE batch_id = $1 AND suggested_value = 'edited' AND entity_id = $2`,
      [batchId, id],
    );

    await promote(batchId);

    expect(await read('contact', id, 'phone')).toMatchObject({ phone: 'edited' });
    expect(await read('contact', other, 'phone')).toMatchObject({ phone: 'first' });
  });

  it('counts a value that is there already as applied, and changes nothing', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();
    await setFields(testbed.runtime.pool, 'contact', id, { phone: RIGHT_PHONE });

    expect(await promote(batchId)).toMatchObject({ status: 'COMPLETED' });

    expect(await read('contact', id, 'phone')).toEqual({ phone: RIGHT_PHONE, version: 2 });
    expect(await historyOf(id)).toEqual([]);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, unchanged: 1, conflict: 0 });
  });

  it('overwrites nobody: an entity that was changed since is a conflict', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const untouched = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();
    await setFields(testbed.runtime.pool, 'contact', id, { familyName: 'Okafor-Meier' });

    expect(await promote(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });

    expect(await read('contact', id, 'phone')).toEqual({ phone: WRONG_PHONE.phone, version: 2 });
    expect(await read('contact', untouched, 'phone')).toMatchObject({ phone: RIGHT_PHONE });
    expect(await recordsOf(batchId)).toMatchObject([
      { status: 'CONFLICT', reason: expect.stringContaining('version 1, now it is version 2') },
      { status: 'PROMOTED' },
    ]);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, conflict: 1 });
  });

  it.each([
    { state: 'ARCHIVED', reason: 'archived' },
    { state: 'MERGED', reason: 'merged' },
  ])('leaves an entity alone that is $state since', async ({ state, reason }) => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();
    await testbed.runtime.pool.query(sql`
      UPDATE ${raw(ENTITY_TABLES.contact)} SET state = ${state}::entity_state WHERE id = ${id}`);

    await promote(batchId);

    expect(await read('contact', id, 'phone')).toMatchObject({ phone: WRONG_PHONE.phone });
    expect(await recordsOf(batchId)).toMatchObject([
      { status: 'CONFLICT', reason: expect.stringContaining(reason) },
    ]);
  });

  it('keeps no other record back for one that the database refuses, and tries it again', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      ids.push(await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE));
    }
    const [bad = '', worse = ''] = [ids[2], ids[5]];
    const batchId = await auditAndAccept();
    await replaceFindings(batchId, bad, { birthDate: '1980-02-31', phone: RIGHT_PHONE });
    await replaceFindings(batchId, worse, { kind: '' });

    expect(await promote(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });

    expect((await recordsOf(batchId)).map(({ status, reason }) => [status, reason])).toEqual([
      ['PROMOTED', null],
      ['PROMOTED', null],
      ['FAILED', expect.stringContaining('1980-02-31')],
      ['PROMOTED', null],
      ['PROMOTED', null],
      ['FAILED', "kind: it can't be empty."],
      ['PROMOTED', null],
      ['PROMOTED', null],
    ]);
    expect(await lastCounts(batchId)).toMatchObject({ applied: 6, failed: 2 });

    await replaceFindings(batchId, bad, { birthDate: '1980-02-28' });
    await promote(batchId);

    expect(await read('contact', bad, 'birthDate')).toMatchObject({ version: 2 });
    expect(await lastCounts(batchId)).toMatchObject({ applied: 1, failed: 1 });
  });

  it('fails a record whose finding is about a field that there is not', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await audit();
    await replaceFindings(batchId, id, { shoeSize: '46' });

    await promote(batchId);

    expect(await recordsOf(batchId)).toMatchObject([
      { status: 'FAILED', reason: 'A contact has no such field: shoeSize.' },
    ]);
  });

  describe('where four eyes are wanted', () => {
    beforeEach(() =>
      testbed.runtime.pool.query('UPDATE workspace SET four_eyes = true WHERE id = $1', [
        workspaceId,
      ]),
    );

    it('leaves what the promoter decided for somebody else, and counts it', async () => {
      const id = await testbed.createEntity(workspaceId, 'contact', {
        ...WRONG_PHONE,
        familyName: ' Okafor',
      });
      const batchId = await audit();
      await acceptFindings(testbed, { batchId, decidedBy: actorId, field: 'phone' });
      await acceptFindings(testbed, { batchId, decidedBy: reviewerId });

      expect(await promote(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });

      expect(await read('contact', id, 'phone', 'familyName')).toMatchObject({
        phone: WRONG_PHONE.phone,
        familyName: 'Okafor',
      });
      expect(await lastCounts(batchId)).toMatchObject({ applied: 1, fourEyes: 1 });

      await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId: reviewerId });
      expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'COMPLETED' });
      expect(await read('contact', id, 'phone')).toMatchObject({ phone: RIGHT_PHONE });
    });

    it('says so when there is nothing else', async () => {
      await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
      const batchId = await audit();
      await acceptFindings(testbed, { batchId, decidedBy: actorId });

      await expect(promote(batchId)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('four eyes'),
      });
    });

    it('says it of the named records alone', async () => {
      await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
      await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
      const batchId = await audit();
      await testbed.runtime.pool.query(
        `UPDATE finding SET decision = 'ACCEPTED', decided_by_id = $2
         WHERE batch_id = $1 AND row_index = 0`,
        [batchId, actorId],
      );
      const { promotion } = testbed.runtime;

      await expect(
        promotion.promoteStagedBatch({ batchId, actorId, rowIndexes: [1] }),
      ).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('Accept something first'),
      });
      expect(await promotion.previewPromotion({ batchId, actorId, rowIndexes: [1] })).toMatchObject(
        { fourEyes: 0 },
      );
    });
  });

  it('as a dry run says what would happen, and changes nothing', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const changed = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const bad = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
    const batchId = await auditAndAccept();
    await setFields(testbed.runtime.pool, 'contact', changed, { familyName: 'Meier' });
    await replaceFindings(batchId, bad, { birthDate: 'never' });

    const counts = await testbed.runtime.promotion.previewPromotion({ batchId, actorId });

    expect(counts).toMatchObject({ applied: 1, unchanged: 0, conflict: 1, failed: 1, fourEyes: 0 });
    expect(await read('contact', id, 'phone')).toEqual({ phone: WRONG_PHONE.phone, version: 1 });
    expect(await recordsOf(batchId)).toEqual([]);
    expect(await historyOf(id)).toEqual([]);
  });

  /** Puts accepted findings in place of those of an entity's record: one of each field and value. */
  async function replaceFindings(
    batchId: string,
    entityId: string,
    ...values: readonly Readonly<Record<string, string>>[]
  ): Promise<void> {
    const { pool } = testbed.runtime;
    const { rows } = await pool.query<{ rowIndex: number; entityType: string }>(
      `SELECT row_index AS "rowIndex", entity_type AS "entityType" FROM staged_record
       WHERE batch_id = $1 AND entity_id = $2`,
      [batchId, entityId],
    );
    const { rowIndex = 0, entityType } = rows[0] ?? {};
    await pool.query('DELETE FROM finding WHERE batch_id = $1 AND row_index = $2', [
      batchId,
      rowIndex,
    ]);
    const findings = values.flatMap((fields) => Object.entries(fields));
    for (const [ordinal, [field, value]] of findings.entries()) {
      await pool.query(sql`
        INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
          entity_id, entity_version, severity, field, message, suggested_value, decision,
          decided_by_id)
        VALUES (${batchId}, ${rowIndex}, ${ordinal}, 'test.rule', 1, ${entityType}, ${entityId}, 1,
                'INFO', ${field}, '', ${value}, 'ACCEPTED', ${reviewerId})`);
    }
  }
});
