import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateLedger } from '../../../../../src/domains/identity/services/ledger/updateLedger.ts';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { countsOf, eventsOf, ledgerOf } from './ledgerBed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createBatchBed(testbed, await testbed.createUser('Ann'));
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const contact = (email: string, familyName = 'Okafor') =>
  testbed.createEntity(workspaceId, 'contact', { familyName, email });
const change = (id: string, fields: Record<string, string | null>) =>
  setFields(testbed.runtime.pool, 'contact', id, fields);
const audit = () => bed.audit(workspaceId);
const ledger = () => ledgerOf(testbed.runtime.pool, workspaceId);
const events = () => eventsOf(testbed.runtime.pool, workspaceId);
const counts = (batchId: string) => countsOf(testbed.runtime.pool, batchId);

it('keeps what the first audit finds as new', async () => {
  const id = await contact('no address');

  const batchId = await audit();

  expect(await ledger()).toMatchObject([
    {
      ...{ entityId: id, ruleId: 'contact.email.syntax', field: 'email', discriminator: '' },
      ...{ open: true, firstSeenBatchId: batchId, resolvedBatchId: null },
      ...{ severity: 'WARNING', entityVersion: 1, currentValue: 'no address' },
    },
  ]);
  expect(await events()).toEqual([]);
  expect(await counts(batchId)).toEqual({ new: 1, persisting: 0, resolved: 0, regressed: 0 });
});

it('writes nothing when an audit finds the same again', async () => {
  await contact('no address');
  await contact('none either', 'Ngata');
  await audit();
  const before = await ledger();

  const again = await audit();

  expect(await ledger()).toEqual(before);
  expect(await events()).toEqual([]);
  expect(await counts(again)).toEqual({ new: 0, persisting: 2, resolved: 0, regressed: 0 });
});

it('brings an entry up to date when the value is another, and leaves the others', async () => {
  const changed = await contact('no address');
  const other = await contact('none either', 'Ngata');
  const first = await audit();
  const before = await ledger();
  await change(changed, { email: 'still none' });

  const again = await audit();

  const after = await ledger();
  expect(after.find(({ entityId }) => entityId === changed)).toMatchObject({
    ...{ firstSeenBatchId: first, currentValue: 'still none', entityVersion: 2, open: true },
  });
  expect(after.find(({ entityId }) => entityId === other)).toEqual(
    before.find(({ entityId }) => entityId === other),
  );
  expect(await counts(again)).toMatchObject({ new: 0, persisting: 2 });
});

it('resolves what is not found any more, and remembers which audit saw it last', async () => {
  const id = await contact('no address');
  await audit();
  const seen = await audit();
  await change(id, { email: 'okafor@example.com' });

  const resolving = await audit();

  expect(await ledger()).toMatchObject([
    { open: false, lastSeenBatchId: seen, resolvedBatchId: resolving, currentValue: 'no address' },
  ]);
  expect(await events()).toEqual([
    { batchId: resolving, ruleId: 'contact.email.syntax', kind: 'RESOLVED' },
  ]);
  expect(await counts(resolving)).toEqual({ new: 0, persisting: 0, resolved: 1, regressed: 0 });

  const resolved = await ledger();
  await audit();
  expect(await ledger()).toEqual(resolved);
  expect(await events()).toHaveLength(1);
});

it('reopens what comes back as regressed, first seen when it was first seen', async () => {
  const id = await contact('no address');
  const first = await audit();
  await change(id, { email: 'okafor@example.com' });
  await audit();
  await change(id, { email: 'none again' });

  const regressing = await audit();

  expect(await ledger()).toMatchObject([
    {
      ...{ open: true, firstSeenBatchId: first, lastSeenBatchId: regressing },
      ...{ resolvedBatchId: null, currentValue: 'none again' },
    },
  ]);
  expect((await events()).map(({ kind }) => kind)).toEqual(['RESOLVED', 'REGRESSED']);
  expect(await counts(regressing)).toEqual({ new: 0, persisting: 0, resolved: 0, regressed: 1 });
});

it('resolves what was found of an entity that is archived', async () => {
  const id = await contact('no address');
  await contact('okafor@example.com');
  await audit();
  await change(id, { state: 'ARCHIVED' });
  await audit();

  expect(await ledger()).toMatchObject([{ open: false }]);
});

it('tells pairs apart, and knows a duplicate of several as one finding', async () => {
  const one = await contact('shared@example.com', 'Okafor');
  const two = await contact('shared@example.com', 'Ngata');
  await audit();

  expect(await ledger()).toMatchObject([
    { entityId: one, ruleId: 'contact.duplicate', discriminator: two, open: true },
    { entityId: two, ruleId: 'contact.duplicate', discriminator: one, open: true },
  ]);

  const three = await contact('shared@example.com', 'Vrba');
  await audit();

  const open = (await ledger()).filter((entry) => entry.open);
  expect(open.map(({ entityId }) => entityId).sort()).toEqual([one, two, three].sort());
  expect(open.map(({ discriminator }) => discriminator)).toEqual(['', '', '']);
  expect((await events()).map(({ kind }) => kind)).toEqual(['RESOLVED', 'RESOLVED']);
});

it('keeps workspaces apart', async () => {
  await contact('no address');
  await audit();
  const other = await ledger();
  const otherWorkspace = workspaceId;
  workspaceId = await testbed.createWorkspace();
  await contact('okafor@example.com');
  await audit();

  expect(await ledger()).toEqual([]);
  expect(await ledgerOf(testbed.runtime.pool, otherWorkspace)).toEqual(other);
});

describe('of a processed audit that is changed by hand', () => {
  /** Lets the ledger take in an audit (again) after its findings were changed. */
  async function takeIn(batchId: string): Promise<void> {
    const batch = await findStagedBatch(testbed.runtime.pool, batchId);
    if (batch === null) throw new Error('There is no such batch.');
    await inTransaction(testbed.runtime.pool, (client) => updateLedger(client, batch));
  }
  const run = (statement: ReturnType<typeof sql>) => testbed.runtime.pool.query(statement);

  it('leaves entities open on which a rule failed, since they were not looked at', async () => {
    await contact('no address');
    await contact('none either', 'Ngata');
    await audit();
    const batchId = await audit();
    // What both audits have found is gone; on the first record a rule has failed, twice.
    await run(sql`UPDATE finding SET rule_id = 'engine.rule-failed', field = ''
      WHERE batch_id = ${batchId} AND row_index = 0`);
    await run(sql`INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version,
        entity_type, entity_id, entity_version, severity, field, message)
      SELECT batch_id, row_index, ordinal + 1, rule_id, rule_version, entity_type, entity_id,
             entity_version, severity, field, 'Another.'
      FROM finding WHERE batch_id = ${batchId} AND row_index = 0`);
    await run(sql`DELETE FROM finding WHERE batch_id = ${batchId} AND row_index = 1`);

    await takeIn(batchId);

    expect((await ledger()).map(({ ruleId, open }) => [ruleId, open])).toEqual([
      ['contact.email.syntax', true],
      ['contact.email.syntax', false],
      ['engine.rule-failed', true],
    ]);
  });

  it('resolves findings of a rule that is off, also where another rule has failed', async () => {
    await contact('no address');
    await audit();
    const batchId = await audit();
    await run(sql`UPDATE finding SET rule_id = 'engine.rule-failed', field = ''
      WHERE batch_id = ${batchId}`);
    await run(sql`UPDATE staged_batch
      SET rule_set = jsonb_set(rule_set, '{rules}', (
        SELECT jsonb_agg(rule) FROM jsonb_array_elements(rule_set -> 'rules') rule
        WHERE rule ->> 'id' <> 'contact.email.syntax'))
      WHERE id = ${batchId}`);

    await takeIn(batchId);

    expect((await ledger()).map(({ ruleId, open }) => [ruleId, open])).toEqual([
      ['contact.email.syntax', false],
      ['engine.rule-failed', true],
    ]);
  });

  it('covers in an incremental audit what changed, what is gone, and workspace rules', async () => {
    const unchanged = await contact('no address', 'Okafor');
    const changed = await contact('none either', 'Ngata');
    const archived = await contact('none here', 'Vrba');
    const twins = [
      await contact('twin@example.com', 'Ek'),
      await contact('twin@example.com', 'Ode'),
    ];
    await audit();
    const batchId = await audit();
    await run(sql`UPDATE staged_batch SET mode = 'INCREMENTAL' WHERE id = ${batchId}`);
    await run(sql`UPDATE staged_record SET unchanged = entity_id <> ${changed}
      WHERE batch_id = ${batchId}`);
    await run(sql`DELETE FROM finding WHERE batch_id = ${batchId}`);
    await change(archived, { state: 'ARCHIVED' });

    await takeIn(batchId);

    const open = (await ledger()).filter((entry) => entry.open);
    expect(open.map(({ entityId }) => entityId)).toEqual([unchanged]);
    expect(await counts(batchId)).toMatchObject({ resolved: 2 + twins.length, persisting: 1 });
  });

  it('leaves the ledger as it is where a later audit has been taken in', async () => {
    const id = await contact('no address');
    const earlier = await audit();
    await change(id, { email: 'okafor@example.com' });
    await audit();
    const before = await ledger();
    await run(sql`UPDATE staged_batch SET ledger_counts = NULL WHERE id = ${earlier}`);

    await takeIn(earlier);

    expect(await ledger()).toEqual(before);
    expect(await counts(earlier)).toBeNull();
  });
});
