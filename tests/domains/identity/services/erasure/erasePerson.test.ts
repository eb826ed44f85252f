import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasePerson } from '../../../../../src/domains/identity/services/erasure/erasePerson.ts';
import { readConfig } from '../../../../../src/platform/config.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createErasureBed, findMarker, person } from './erasureBed.ts';

let testbed: IdentityTestbed;
let bed: Awaited<ReturnType<typeof createErasureBed>>;
const today = new Date().toISOString().slice(0, 10);
const ERASED = `The person was erased on ${today}.`;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
});
beforeEach(async () => {
  bed = await createErasureBed(testbed);
});
afterAll(() => testbed.close());

const erase = (contactId: string, reason = 'Request 42') =>
  erasePerson(testbed.runtime.pool, { contactId, actorId: bed.actorId, reason });

it('leaves no hash of the rows that the person came in', async () => {
  const { runtime } = testbed;
  const sent = await runtime.imports.ingestRows({
    ...{ workspaceId: bed.workspaceId, createdBy: bed.actorId, profile: 'contactImport' },
    ...{ autoPromote: false, blankErases: false, rows: [person], idempotencyKey: 'k' },
    limits: readConfig({}).importLimits,
  });
  await testbed.untilResting(sent.batchId);
  await erase(await testbed.createEntity(bed.workspaceId, 'contact', person));

  const { rows } = await runtime.pool.query(
    'SELECT idempotency_key, rows_hash FROM staged_batch WHERE id = $1',
    [sent.batchId],
  );
  expect(rows).toEqual([{ idempotency_key: 'k', rows_hash: null }]);
});

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a person with a long history', () => {
  /** Imports, edits, matches, audits, waives, merges and undoes. */
  async function live() {
    const { imports, batches, merges } = bed;
    const first = await imports.importRows([person, { ...person, externalId: 'Zqxmark-2' }]);
    await bed.decide(first, 'email', 'ACCEPTED', { value: 'zqxmark@example.com' });
    await imports.decide(first, 'ACCEPTED');
    await bed.decide(first, 'email', 'ACCEPTED', { value: 'zqxmark@example.com' });
    await testbed.runtime.pool.query(
      `UPDATE finding SET decision = 'REJECTED' WHERE batch_id = $1 AND decision = 'OPEN'`,
      [first],
    );
    await imports.promote(first);
    const [id, twin] = [await bed.contactWith('Zqxmark-1'), await bed.contactWith('Zqxmark-2')];
    // Matches, and waits; its error keeps it from production.
    const waiting = await imports.importRows([{ ...person, locality: 'zqxmark town' }]);
    await imports.decide(waiting, 'ACCEPTED');
    const rejected = await imports.importRows([{ ...person, externalId: 'Zqxmark-1' }]);
    await imports.decide(rejected, 'REJECTED');
    const audit = await batches.audit(bed.workspaceId);
    await bed.decide(audit, 'givenName', 'ACCEPTED', { value: 'Zqxmark-Edited' });
    await bed.decide(audit, 'country', 'WAIVED', {
      waiver: { reason: 'zqxmark lives abroad', expiresAt: null },
    });
    await bed.decide(audit, 'addressLine1', 'REJECTED');
    await batches.promote(audit);
    await merges.merge(audit, id, [twin], [{ field: 'givenName', entityId: twin }]);
    await batches.promote(audit);
    const undone = await batches.audit(bed.workspaceId);
    await bed.decide(undone, 'familyName', 'ACCEPTED', { value: 'Zqxmark-Again' });
    await batches.promote(undone);
    await batches.revert(undone);
    return { id, twin, first, waiting, audit, undone };
  }

  it('leaves nothing of them in any table, and says so in the history', async () => {
    const { id, twin, first, waiting, audit } = await live();
    expect((await findMarker(testbed.runtime.pool)).length).toBeGreaterThan(20);

    // Whichever record of the person is named.
    expect(await erase(twin)).toEqual([id, twin].sort());

    expect(await findMarker(testbed.runtime.pool)).toEqual([]);
    const contact = { state: 'ARCHIVED', givenName: null, email: null, birthDate: null };
    expect(await readFields(testbed.runtime.pool, 'contact', id, Object.keys(contact))).toEqual(
      contact,
    );
    const history = await bed.history(id);
    expect(history.at(-1)).toEqual({
      ...{ kind: 'ERASED', before: null, after: null },
      ...{ actorId: bed.actorId, reason: 'Request 42' },
    });
    expect(history.length).toBeGreaterThan(3);
    expect(history.every(({ before, after }) => before === null && after === null)).toBe(true);

    const promoted = testbed.runtime.promotion.promoteStagedBatch({
      ...{ batchId: waiting, actorId: bed.actorId },
    });
    await expect(promoted).rejects.toThrow('Nothing is accepted');
    expect(await bed.imports.statuses(waiting)).toEqual([{ status: 'INVALID', reason: ERASED }]);
    for (const batchId of [first, audit]) {
      const { counts, entries } = await bed.batches.revert(batchId);
      expect(counts).toMatchObject({ reversed: 0, errored: 0 });
      expect(counts.kept).toBeGreaterThan(0);
      expect(entries.map(({ outcome, reason }) => [outcome, reason])).toEqual(
        entries.map(() => ['KEPT', ERASED]),
      );
    }
    await bed.batches.audit(bed.workspaceId).catch(() => null);
    expect(await findMarker(testbed.runtime.pool)).toEqual([]);
    expect(await readFields(testbed.runtime.pool, 'contact', id, Object.keys(contact))).toEqual(
      contact,
    );
  });

  it('does not keep a later import from bringing a new contact', async () => {
    const plain = { familyName: 'Okafor', email: 'okafor@example.com', externalId: 'O-1' };
    await bed.imports.importAndPromote([plain]);
    const id = await bed.contactWith('O-1');
    await erase(id);

    await bed.imports.importAndPromote([plain]);

    const again = await bed.contactWith('O-1');
    expect(again).not.toBe(id);
    expect(await readFields(testbed.runtime.pool, 'contact', id, ['email'])).toEqual({
      email: null,
    });
  });
});

it('is taken out of imported sites that name the person as their owner, and namesakes are not', async () => {
  const owner = { givenName: 'Lovelace', familyName: 'Okafor', externalId: 'O-1' };
  await bed.imports.importAndPromote([{ ...owner, email: 'lovelace@example.com' }]);
  const sites = await bed.imports.importRows(
    [
      { name: 'By e-mail', ownerEmail: 'LOVELACE@example.com', ownerName: 'Z. Okafor' },
      { name: 'By name', ownerName: 'lovelace  okafor' },
      { name: 'Of a namesake', ownerName: 'Lovelace Okafor', ownerEmail: 'other@example.com' },
      { name: 'Of others', ownerEmail: 'meier@example.com' },
    ],
    { entityType: 'site' },
  );

  await erase(await bed.contactWith('O-1'));

  const { rows } = await testbed.runtime.pool.query(
    'SELECT raw_data AS data FROM staged_record WHERE batch_id = $1 ORDER BY row_index',
    [sites],
  );
  expect(rows.map(({ data }) => data)).toEqual([
    { name: 'By e-mail' },
    { name: 'By name' },
    { name: 'Of a namesake', ownerName: 'Lovelace Okafor', ownerEmail: 'other@example.com' },
    { name: 'Of others', ownerEmail: 'meier@example.com' },
  ]);
  const { rows: found } = await testbed.runtime.pool.query(
    `SELECT row_index AS row, current_value AS value FROM finding
     WHERE batch_id = $1 AND rule_id LIKE 'site.owner.%' ORDER BY row_index`,
    [sites],
  );
  expect(found.filter(({ row }) => row < 2).every(({ value }) => value === null)).toBe(true);
  expect(found.at(-1)).toMatchObject({ row: 3, value: 'meier@example.com' });
});

it('lets others keep their findings, which no longer say in what they agree with the person', async () => {
  const [erased, other] = await bed.merges.twins(bed.workspaceId);
  const batchId = await bed.batches.audit(bed.workspaceId);
  await bed.merges.merge(batchId, other, [erased]);

  await erase(erased);

  const { rows } = await testbed.runtime.pool.query(
    `SELECT message, current_value AS value, explanation, related_entity_ids AS related FROM finding
     WHERE batch_id = $1 AND entity_id = $2`,
    [batchId, other],
  );
  expect(rows).toEqual([
    {
      message: expect.stringContaining('Same'),
      value: 'ada@example.com',
      explanation: [],
      related: [erased],
    },
  ]);
  expect(await bed.batches.promote(batchId)).toMatchObject({ conflict: 1 });
  const { rows: states } = await testbed.runtime.pool.query(
    `SELECT reason FROM staged_record_state WHERE batch_id = $1 AND status = 'CONFLICT'`,
    [batchId],
  );
  expect(states[0].reason).toContain(ERASED);
});

it('takes back from others what an undone merge gave them of the person, in their history', async () => {
  const [survivor, erased] = await bed.merges.twins(bed.workspaceId);
  const batchId = await bed.batches.audit(bed.workspaceId);
  await bed.merges.merge(batchId, survivor, [erased], [{ field: 'externalId', entityId: erased }]);
  await bed.batches.promote(batchId);
  await bed.batches.revert(batchId);

  expect(await erase(erased)).toEqual([erased]);

  expect(JSON.stringify(await bed.history(survivor))).not.toContain('T-1');
  const { state, externalId } = await readFields(testbed.runtime.pool, 'contact', survivor, [
    'state',
    'externalId',
  ]);
  expect([state, externalId]).toEqual(['ACTIVE', 'T-0']);
});

it('leaves nothing that later audits found on another contact while it had values of the person', async () => {
  const twin = { familyName: 'Meier', givenName: 'Ada', email: 'ada@example.com' };
  const survivor = await testbed.createEntity(bed.workspaceId, 'contact', twin);
  const erased = await testbed.createEntity(bed.workspaceId, 'contact', {
    ...{ ...twin, addressLine2: 'zqxmark  floor ', locality: ' ZQXMARK' },
  });
  const first = await bed.batches.audit(bed.workspaceId);
  const take = ['addressLine2', 'locality'].map((field) => ({ field, entityId: erased }));
  await bed.merges.merge(first, survivor, [erased], take);
  await bed.batches.promote(first);
  const second = await bed.batches.audit(bed.workspaceId);
  await bed.decide(second, 'addressLine2', 'WAIVED', {
    waiver: { reason: 'zqxmark likes it', expiresAt: null },
  });
  await bed.decide(second, 'locality', 'ACCEPTED', { value: 'zqxmark town' });
  await bed.batches.promote(second);
  await bed.batches.revert(second);
  await bed.batches.revert(first);
  expect((await findMarker(testbed.runtime.pool)).length).toBeGreaterThan(5);

  expect(await erase(erased)).toEqual([erased]);

  expect(await findMarker(testbed.runtime.pool)).toEqual([]);
  expect(
    await readFields(testbed.runtime.pool, 'contact', survivor, ['state', 'email', 'locality']),
  ).toEqual({ state: 'ACTIVE', email: twin.email, locality: null });
});

it('leaves what an import brought for another, and nothing that it found on values of the person', async () => {
  const twin = { familyName: 'Meier', givenName: 'Ada', email: 'ada@example.com' };
  const survivor = await testbed.createEntity(bed.workspaceId, 'contact', {
    ...{ ...twin, externalId: 'T-0' },
  });
  const erased = await testbed.createEntity(bed.workspaceId, 'contact', {
    ...{ ...twin, addressLine2: 'zqxmark  floor ' },
  });
  const audit = await bed.batches.audit(bed.workspaceId);
  const take = [{ field: 'addressLine2', entityId: erased }];
  await bed.merges.merge(audit, survivor, [erased], take);
  await bed.batches.promote(audit);
  const imported = await bed.imports.importRows([{ externalId: 'T-0', givenName: ' Adah' }]);
  await bed.decide(imported, 'addressLine2', 'ACCEPTED', { value: 'zqxmark hall' });
  await bed.batches.revert(audit);

  expect(await erase(erased)).toEqual([erased]);

  expect(await findMarker(testbed.runtime.pool)).toEqual([]);
  const { rows } = await testbed.runtime.pool.query(
    'SELECT raw_data AS row FROM staged_record WHERE batch_id = $1',
    [imported],
  );
  expect(rows).toEqual([{ row: expect.objectContaining({ givenName: ' Adah' }) }]);
  const statuses = await bed.imports.statuses(imported);
  expect(statuses).not.toContainEqual(expect.objectContaining({ status: 'INVALID' }));
});

describe('leaves nothing of an imported row that was never applied', () => {
  const plain = { familyName: 'Okafor', externalId: 'P-1' };
  const row = { ...person, externalId: undefined };

  it.each([
    ['has blanks around the external id', 'P-1', ' P-1\u00a0'],
    ['has the external id as it was before blanks were taken out', ' P-1', 'P-1 '],
    ['has an external id that is suggested to be it', 'P-1', 'P-\u200b1'],
  ])('and that %s', async (_what, known, externalId) => {
    await bed.imports.importAndPromote([{ ...plain, externalId: known }]);
    const id = await bed.contactWith(known);
    const waiting = await bed.imports.importRows([{ ...row, externalId }]);
    expect(await findMarker(testbed.runtime.pool)).not.toEqual([]);

    await erase(id);

    expect(await findMarker(testbed.runtime.pool)).toEqual([]);
    expect(await bed.imports.statuses(waiting)).toEqual([{ status: 'INVALID', reason: ERASED }]);
  });

  it('and whose external id was edited into it', async () => {
    await bed.imports.importAndPromote([plain]);
    const waiting = await bed.imports.importRows([{ ...row, externalId: ' Zqx-2' }]);
    await bed.decide(waiting, 'externalId', 'ACCEPTED', { value: 'P-1' });

    await erase(await bed.contactWith('P-1'));

    expect(await findMarker(testbed.runtime.pool)).toEqual([]);
    expect(await bed.imports.statuses(waiting)).toEqual([{ status: 'INVALID', reason: ERASED }]);
  });

  it('but all of one that is another’s', async () => {
    await bed.imports.importAndPromote([plain, { ...plain, externalId: ' P-1' }]);
    const waiting = await bed.imports.importRows([
      ...[' P-1', 'P-2'].map((externalId) => ({ ...plain, externalId })),
    ]);

    await erase(await bed.contactWith('P-1'));

    const statuses = (await bed.imports.statuses(waiting)).map(({ status }) => status);
    expect(statuses).toEqual([null, null]);
  });
});

it('is erased with all that comes of it, or not at all', async () => {
  const id = await testbed.createEntity(bed.workspaceId, 'contact', { familyName: ' Okafor' });
  const batchId = await bed.batches.audit(bed.workspaceId);
  const { pool } = testbed.runtime;
  await pool.query(`
    CREATE FUNCTION refuse_completing() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE 'not now'; END $$;
    CREATE TRIGGER refuse_completing BEFORE UPDATE ON staged_batch
      FOR EACH ROW WHEN (NEW.status = 'COMPLETED') EXECUTE FUNCTION refuse_completing()`);
  const erasing = erase(id);
  await expect(erasing).rejects.toThrow('not now');
  await pool.query('DROP FUNCTION refuse_completing CASCADE');

  await erase(id);

  expect((await testbed.untilResting(batchId)).status).toBe('COMPLETED');
});

it('lets nothing write to the contact any more', async () => {
  const id = await testbed.createEntity(bed.workspaceId, 'contact', { familyName: 'Okafor' });
  await erase(id);
  const writing = setFields(testbed.runtime.pool, 'contact', id, { familyName: 'Okafor' });
  await expect(writing).rejects.toThrow('the person was erased');
});

it('completes a review that waited for nothing but the person', async () => {
  const id = await testbed.createEntity(bed.workspaceId, 'contact', { familyName: ' Okafor' });
  const batchId = await bed.batches.audit(bed.workspaceId);
  await erase(id);
  expect((await testbed.untilResting(batchId)).status).toBe('COMPLETED');
});

describe('refuses', () => {
  it('an organisation, a person who was erased before, and an id of nothing', async () => {
    const organisation = await testbed.createEntity(bed.workspaceId, 'contact', {
      ...{ kind: 'ORGANISATION', organisationName: 'Brightmere' },
    });
    await expect(erase(organisation)).rejects.toEqual(code('BAD_USER_INPUT'));
    const id = await testbed.createEntity(bed.workspaceId, 'contact', { familyName: 'Okafor' });
    await expect(erase(id, '  ')).rejects.toEqual(code('BAD_USER_INPUT'));
    await erase(id);
    await expect(erase(id)).rejects.toThrow(`erased on ${today} already`);
    await expect(erase(bed.workspaceId)).rejects.toEqual(code('NOT_FOUND'));
  });

  it.each(['STAGING', 'QUEUED', 'PROCESSING', 'PROMOTING', 'REVERTING'])(
    'while a batch is %s, which is named',
    async (status) => {
      const id = await testbed.createEntity(bed.workspaceId, 'contact', { familyName: ' Okafor' });
      const batchId = await bed.batches.audit(bed.workspaceId);
      const { pool } = testbed.runtime;
      await pool.query('UPDATE staged_batch SET status = $2 WHERE id = $1', [batchId, status]);
      await expect(erase(id)).rejects.toThrow(batchId);
      await pool.query(`UPDATE staged_batch SET status = 'FAILED' WHERE id = $1`, [batchId]);
      await erase(id);
    },
  );
});
