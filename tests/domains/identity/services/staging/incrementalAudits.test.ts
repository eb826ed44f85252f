import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { createAuditRunnerService } from '../../../../../src/domains/identity/services/staging/auditRunnerService.ts';
import { countRecords } from '../../../../../src/domains/identity/services/staging/batchCounts.ts';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { certificateOf, certifiedOf } from '../certificate/certificateBed.ts';
import { createMergeBed, type MergeBed } from '../merge/mergeBed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let mergeBed: MergeBed;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  const auditor = await testbed.createUser('auditor');
  bed = createBatchBed(testbed, auditor);
  mergeBed = createMergeBed(testbed, auditor);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const contact = (familyName: string, fields = {}) =>
  testbed.createEntity(workspaceId, 'contact', {
    ...{ familyName, email: `${familyName}@example.com` },
    ...fields,
  });
const set = (id: string, fields: Record<string, string | null>) =>
  setFields(testbed.runtime.pool, 'contact', id, fields);
const incremental = () => bed.audit(workspaceId, 'INCREMENTAL');
const batch = (id: string) => findStagedBatch(testbed.runtime.pool, id);
const certified = (batchId: string) => certifiedOf(testbed.runtime.pool, batchId, 'contact');

/** What a batch has, by row: the entity, and the rules that found something. */
async function recordsOf(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT r.row_index AS "rowIndex", r.entity_id AS "entityId", ARRAY(
      SELECT rule_id FROM finding f
      WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index ORDER BY ordinal) AS rules
    FROM staged_record r WHERE r.batch_id = ${batchId} ORDER BY r.row_index`);
  return rows;
}

it('has nothing to show where nothing has changed', async () => {
  await contact('Okafor', { email: 'no address' });
  const base = await bed.audit(workspaceId);

  const id = await incremental();

  expect(await batch(id)).toMatchObject({
    ...{ status: 'COMPLETED', mode: 'INCREMENTAL', baseBatchId: base },
    ...{ recordCount: 0, processedCount: 0 },
  });
  expect(await recordsOf(id)).toEqual([]);
  expect(await countRecords(testbed.runtime.pool, [id])).toEqual([]);
  expect(await certified(id)).toMatchObject({ expected: 1, checked: 0, unchanged: 1 });
});

it('checks what has changed or is new, and leaves the rest alone', async () => {
  const changed = await contact('Okafor');
  await contact('Ngata', { email: 'no address' });
  await bed.audit(workspaceId);
  await set(changed, { email: 'none any more' });
  const added = await contact('Lindqvist');

  const id = await incremental();

  expect(await recordsOf(id)).toEqual([
    { rowIndex: 0, entityId: changed, rules: ['contact.email.syntax'] },
    { rowIndex: 2, entityId: added, rules: [] },
  ]);
  expect(await certified(id)).toMatchObject({ expected: 3, checked: 2, unchanged: 1 });
  expect(await batch(id)).toMatchObject({ recordCount: 2, processedCount: 2 });
  expect(await countRecords(testbed.runtime.pool, [id])).toMatchObject([
    { status: 'PASSED', count: 1 },
    { status: 'NEEDS_REVIEW', count: 1 },
  ]);
});

it('finds what a transaction had changed that began before an audit and ended after it', async () => {
  const id = await contact('Okafor');
  const late = await testbed.runtime.pool.connect();
  await late.query('BEGIN');
  await late.query(`UPDATE third_party SET email = 'no address' WHERE id = $1`, [id]);
  const base = await bed.audit(workspaceId);
  // Others come and go meanwhile.
  await contact('Ngata');
  await late.query('COMMIT');
  late.release();

  expect(await recordsOf(base)).toMatchObject([{ rules: [] }]);
  expect(await recordsOf(await incremental())).toContainEqual({
    ...{ rowIndex: 0, entityId: id, rules: ['contact.email.syntax'] },
  });
});

it('shows a new duplicate from both sides, and the whole cluster to be merged', async () => {
  const [first, second] = await mergeBed.twins(workspaceId);
  await contact('Ngata');
  await bed.audit(workspaceId);
  const third = await mergeBed.createTwin(workspaceId, 'T-2');

  const id = await incremental();

  expect((await recordsOf(id)).map(({ entityId }) => entityId)).toEqual([first, second, third]);
  await mergeBed.merge(id, third, [first, second]);
  expect(await bed.promote(id)).toMatchObject({ merged: 2, failed: 0, conflict: 0 });
  const { rows } = await testbed.runtime.pool.query(
    'SELECT id FROM third_party WHERE workspace_id = $1 AND merged_into_id = $2 ORDER BY id',
    [workspaceId, third],
  );
  expect(rows).toEqual([{ id: first }, { id: second }]);
});

it('keeps a cluster whole that has been found before', async () => {
  const [first, second] = await mergeBed.twins(workspaceId);
  const third = await mergeBed.createTwin(workspaceId, 'T-2');
  await bed.audit(workspaceId);
  const fourth = await mergeBed.createTwin(workspaceId, 'T-3');

  const id = await incremental();

  const records = await recordsOf(id);
  expect(records.map(({ entityId }) => entityId)).toEqual([first, second, third, fourth]);
  expect(records.map(({ rules }) => rules)).toEqual(Array(4).fill(['contact.duplicate']));
});

it('refuses to promote a record that it has left out', async () => {
  await contact('Okafor');
  const changed = await contact('Ngata');
  await bed.audit(workspaceId);
  await set(changed, { phone: '(312) 555-0142' });
  const id = await incremental();
  const actorId = await testbed.createUser('auditor');

  await expect(
    testbed.runtime.promotion.promoteStagedBatch({ batchId: id, actorId, rowIndexes: [1, 0] }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'The batch has no record 0.' });
});

describe('shows again what an audit had found that was cancelled:', () => {
  const cancel = (id: string) => testbed.runtime.lifecycle.cancelStagedBatch(id);

  it('all that had changed', async () => {
    const id = await contact('Okafor');
    await contact('Ngata', { email: 'no address' });
    const base = await bed.audit(workspaceId);
    await set(id, { email: 'none' });
    await cancel(await incremental());

    const again = await incremental();

    expect(await batch(again)).toMatchObject({ mode: 'INCREMENTAL', baseBatchId: base });
    expect(await recordsOf(again)).toMatchObject([
      { entityId: id, rules: ['contact.email.syntax'] },
    ]);
    expect(await recordsOf(await incremental())).toEqual([]);
  });

  it('what was new about an entity that nobody has changed', async () => {
    const owner = await contact('Okafor', { email: 'no address' });
    const site = await testbed.createEntity(workspaceId, 'site', { name: 'Depot', ownerId: owner });
    await bed.audit(workspaceId);
    await set(owner, { state: 'ARCHIVED' });
    await cancel(await incremental());

    expect(await recordsOf(await incremental())).toMatchObject([
      { entityId: site, rules: expect.arrayContaining(['site.owner.archived']) },
    ]);
  });

  it('though others have built on it', async () => {
    const [first, second] = [await contact('Okafor'), await contact('Ngata')];
    const base = await bed.audit(workspaceId);
    await set(first, { email: 'none' });
    const between = await incremental();
    await set(second, { email: 'none' });
    await incremental();
    await cancel(between);

    const id = await incremental();

    expect(await batch(id)).toMatchObject({ baseBatchId: base });
    expect((await recordsOf(id)).map(({ entityId }) => entityId)).toEqual([first, second]);
  });

  it('what it had found where a rule had failed before', async () => {
    const id = await contact('Okafor');
    await bed.audit(workspaceId);
    await testbed.runtime.pool.query(
      `INSERT INTO ledger_event (workspace_id, entity_id, rule_id, field, discriminator, batch_id, kind)
       VALUES ($1, $2, 'engine.rule-failed', 'email', '', $3, 'RESOLVED')`,
      [workspaceId, id, await incremental()],
    );
    await testbed.runtime.pool.query(
      `UPDATE staged_batch SET status = 'CANCELLED' WHERE workspace_id = $1 AND mode = 'INCREMENTAL'`,
      [workspaceId],
    );

    expect(await recordsOf(await incremental())).toMatchObject([{ entityId: id }]);
  });
});

describe('looks again at an entity that nobody has changed', () => {
  /** Makes the last audit one of ten days ago. */
  const longAgo = (batchId: string) =>
    testbed.runtime.pool.query(
      `UPDATE staged_batch
       SET created_at = created_at - interval '10 days', snapshot_at = snapshot_at - interval '10 days'
       WHERE id = $1`,
      [batchId],
    );
  const day = (days: number) =>
    new Date(Date.now() + days * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);

  it('where the days that went by may change what a rule says', async () => {
    const device = (serialNumber: string, installedOn: string) =>
      testbed.createEntity(workspaceId, 'device', { serialNumber, installedOn });
    await contact('Okafor', { birthDate: '1990-03-04' });
    const born = await contact('Ngata', { birthDate: day(-3) });
    const aged = await contact('Lindqvist', {
      birthDate: `${Number(day(0).slice(0, 4)) - 120}${day(-5).slice(4)}`,
    });
    await device('A1', day(-30));
    const installed = await device('B2', day(-4));
    await longAgo(await bed.audit(workspaceId));

    const records = await recordsOf(await incremental());

    const lookedAt = records.map(({ entityId }) => entityId);
    expect(lookedAt).toEqual([born, aged, installed]);
  });

  it('where its waiver has expired', async () => {
    const id = await contact('Okafor', { email: 'no address' });
    await testbed.runtime.pool.query(
      `INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
         value, reason, expires_at, created_by_id)
       SELECT gen_random_uuid(), $1, 'contact', $2, 'contact.email.syntax', 1, 'email',
              'no address', 'Fine.', now() - interval '1 day', created_by_id
       FROM (SELECT id AS created_by_id FROM app_user LIMIT 1) u`,
      [workspaceId, id],
    );
    await contact('Ngata', { email: 'none' });
    await longAgo(await bed.audit(workspaceId));

    expect(await recordsOf(await incremental())).toMatchObject([{ entityId: id }]);
  });

  it('where its waiver expired while the last audit was being triggered', async () => {
    const { ingestion, pool } = testbed.runtime;
    const actorId = await testbed.createUser('auditor');
    const id = await contact('Okafor', { email: 'no address' });
    await contact('Ngata', { email: 'none' });
    const base = await bed.audit(workspaceId);
    await decideFindings(pool, {
      ...{ batchId: base, actorId, decision: 'WAIVED', selection: { filter: {} } },
      ...{
        waiver: { reason: 'Fine.', expiresAt: new Date(Date.now() + 3_600_000) },
        comment: null,
      },
    });
    const { triggerDataAudit } = createAuditRunnerService({
      snapshotPool: pool,
      ingestStagedBatch: async (input) => {
        await pool.query('UPDATE waiver SET expires_at = clock_timestamp() WHERE entity_id = $1', [
          id,
        ]);
        return ingestion.ingestStagedBatch(input);
      },
    });
    const { batch: between } = await triggerDataAudit({
      ...{ workspaceId, createdBy: actorId, mode: 'INCREMENTAL' },
    });
    await testbed.untilResting(between.id);

    expect(await recordsOf(between.id)).toEqual([]);
    expect(await recordsOf(await incremental())).toMatchObject([{ entityId: id }]);
  });

  it('where its row was written past the trigger, as by a table that was restored', async () => {
    const id = await contact('Okafor');
    await contact('Ngata');
    await bed.audit(workspaceId);
    await testbed.runtime.pool.query(`
      SET session_replication_role = replica;
      UPDATE third_party SET email = 'no address' WHERE id = '${id}';
      RESET session_replication_role`);

    expect(await recordsOf(await incremental())).toMatchObject([
      { entityId: id, rules: ['contact.email.syntax'] },
    ]);
  });
});

describe('is a full audit, and says why,', () => {
  async function fullReason(): Promise<string | null | undefined> {
    const id = await incremental();
    expect(await batch(id)).toMatchObject({ mode: 'FULL', baseBatchId: null });
    const certificate = await certificateOf(testbed.runtime.pool, id);
    expect(certificate).toMatchObject({ mode: 'FULL' });
    return certificate?.fullReason;
  }
  const change = (what: string, batchId: string) =>
    testbed.runtime.pool.query(`UPDATE staged_batch SET ${what} WHERE id = $1`, [batchId]);
  beforeEach(() => contact('Okafor'));

  it('where there was none before', async () => {
    expect(await fullReason()).toBe('The workspace has no audit with a certificate yet.');
  });

  it('where a rule is set otherwise', async () => {
    await bed.audit(workspaceId);
    await testbed.runtime.pool.query(
      `INSERT INTO rule_setting (workspace_id, rule_id, severity)
       VALUES ($1, 'contact.email.syntax', 'ERROR')`,
      [workspaceId],
    );

    expect(await fullReason()).toMatch(/^The rules, .* have changed/);
  });

  it('where the default country is another', async () => {
    await bed.audit(workspaceId);
    await testbed.runtime.pool.query(`UPDATE workspace SET default_country = 'DE' WHERE id = $1`, [
      workspaceId,
    ]);

    expect(await fullReason()).toMatch(/default country have changed/);
  });

  it.each([
    ['its transactions are still to come', `snapshot = '90000000:90000000:'`],
    ['the server is another', `system_identifier = '1'`],
  ])('where the database was restored: %s', async (_how, what) => {
    await change(what, await bed.audit(workspaceId));

    expect(await fullReason()).toMatch(/^The database was restored/);
  });

  it('where the database was restored: the base was written before its own snapshot', async () => {
    const base = await bed.audit(workspaceId);
    const { pool } = testbed.runtime;
    const { rows } = await pool.query('SELECT pg_current_xact_id()::text::int + 5 AS later');
    await change(`snapshot = '${rows[0].later}:${rows[0].later}:'`, base);
    for (let count = 0; count < 6; count += 1) await pool.query('SELECT pg_current_xact_id()');

    expect(await fullReason()).toMatch(/^The database was restored/);
  });

  it.each([
    ['were cancelled', `status = 'CANCELLED'`],
    ['failed, and were thinned', `status = 'FAILED', thinned_at = now()`],
  ])('where the full audits %s', async (_how, what) => {
    await change(what, await bed.audit(workspaceId));

    expect(await fullReason()).toMatch(/^The full audits were cancelled, or deleted/);
  });

  it('where the rules were set otherwise by an audit that was cancelled', async () => {
    const { pool } = testbed.runtime;
    await bed.audit(workspaceId);
    await pool.query(
      `INSERT INTO rule_setting (workspace_id, rule_id, enabled)
       VALUES ($1, 'contact.email.syntax', false)`,
      [workspaceId],
    );
    await change(`status = 'CANCELLED'`, await bed.audit(workspaceId));
    await pool.query('DELETE FROM rule_setting WHERE workspace_id = $1', [workspaceId]);

    expect(await fullReason()).toMatch(/^The rules, .* have changed/);
  });

  it('where nobody knows whether it was', async () => {
    await change('system_identifier = NULL', await bed.audit(workspaceId));

    expect(await fullReason()).toMatch(/can't be told/);
  });
});
