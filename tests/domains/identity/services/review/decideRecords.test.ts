import { Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import {
  type DecideRecordsInput,
  decideRecords,
} from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { countRecords } from '../../../../../src/domains/identity/services/staging/batchCounts.ts';
import {
  listStagedRecords,
  type RecordFilter,
} from '../../../../../src/domains/identity/services/staging/stagedRecords.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { callers, createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let ann: string;
let bob: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createReviewBed(testbed);
  ann = await testbed.createUser('Ann');
  bob = await testbed.createUser('Bob');
});
beforeEach(async () => {
  batchId = await importOf([
    { familyName: 'Meier', email: 'meier@example.com' },
    { familyName: 'Okafor', phone: '(312) 555-0142' },
    { familyName: 'Weber', email: 'weber@example.com' },
    { familyName: 'Broken', birthDate: 'yesterday' },
  ]);
});
afterAll(() => testbed.close());

async function importOf(contacts: readonly StagedRow['rawData'][]): Promise<string> {
  const workspaceId = await testbed.createWorkspace({ createdBy: ann, defaultCountry: 'US' });
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: ann, title: 'Import', autoPromote: false },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport' },
    rows: contacts.map((rawData) => ({ entityType: 'contact', rawData })),
  });
  await testbed.untilResting(batch.id);
  return batch.id;
}

const decide = (input: Partial<DecideRecordsInput>) =>
  decideRecords(testbed.runtime.pool, {
    ...{ batchId, actorId: ann, decision: 'ACCEPTED', comment: null, selection: { filter: {} } },
    ...input,
  });

const named = (...rows: number[]) => ({
  keys: rows.map((rowIndex) => ({ rowIndex, version: null })),
});

async function records(filter: RecordFilter = {}) {
  const page = { after: null, before: null, limit: 100, backwards: false };
  const batch = { id: batchId, profile: 'contactImport' };
  return listStagedRecords(testbed.runtime.pool, batch, filter, page);
}

const rowsWith = async (filter: RecordFilter) =>
  (await records(filter)).map(({ rowIndex }) => rowIndex);

it('waits for a decision on every record that could be read', async () => {
  expect(await rowsWith({ status: 'NEEDS_REVIEW' })).toEqual([0, 1, 2]);
  expect(await rowsWith({ status: 'INVALID' })).toEqual([3]);
  expect(await rowsWith({ status: 'PASSED' })).toEqual([]);
  expect(await records()).toMatchObject([
    { status: 'NEEDS_REVIEW', decision: 'OPEN', version: 0 },
    { status: 'NEEDS_REVIEW', decision: 'OPEN', version: 0 },
    { status: 'NEEDS_REVIEW', decision: 'OPEN', version: 0 },
    { status: 'INVALID' },
  ]);
});

it('accepts all by filter, and says which it skipped', async () => {
  expect(await decide({})).toMatchObject({
    decidedCount: 3,
    skipped: [{ reason: 'INVALID_RECORD', count: 1 }],
  });

  expect(await records()).toMatchObject([
    { status: 'DECIDED', decision: 'ACCEPTED', version: 1, decidedById: ann },
    // Its finding is still open.
    { status: 'NEEDS_REVIEW', decision: 'ACCEPTED', version: 1 },
    { status: 'DECIDED', decision: 'ACCEPTED', version: 1 },
    { status: 'INVALID' },
  ]);
});

it('needs nothing more for a record that is not wanted', async () => {
  await decide({ decision: 'REJECTED', selection: named(1) });

  expect(await rowsWith({ status: 'DECIDED' })).toEqual([1]);
});

it('counts the records as it lists them', async () => {
  await decide({ selection: named(0, 1) });

  const statuses = ['NEEDS_REVIEW', 'DECIDED', 'INVALID'] as const;
  const listed = await Promise.all(
    statuses.map(async (status) => ({ status, count: (await rowsWith({ status })).length })),
  );
  const counted = await countRecords(testbed.runtime.pool, [batchId]);
  expect(new Map(counted.map(({ status, count }) => [status, count]))).toEqual(
    new Map(listed.map(({ status, count }) => [status, count])),
  );
});

it('selects by status and by finding', async () => {
  await decide({ selection: named(0) });

  expect(await decide({ selection: { filter: { recordStatus: 'DECIDED' } } })).toMatchObject({
    decidedCount: 0,
  });
  expect(await decide({ selection: { filter: { ruleId: 'contact.phone.format' } } })).toMatchObject(
    { decidedCount: 1 },
  );
  expect((await records()).map(({ decision }) => decision)).toEqual([
    'ACCEPTED',
    'ACCEPTED',
    'OPEN',
    'OPEN',
  ]);
});

it('leaves alone by filter what another has decided', async () => {
  await decide({ actorId: bob, decision: 'REJECTED', selection: named(0) });
  await decide({});

  expect((await records())[0]).toMatchObject({ decision: 'REJECTED', decidedById: bob });
});

it('refuses a version that is no longer the present one', async () => {
  await decide({ actorId: bob, decision: 'REJECTED', selection: named(0) });

  await expect(
    decide({
      selection: {
        keys: [
          { rowIndex: 1, version: 0 },
          { rowIndex: 0, version: 0 },
        ],
      },
    }),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/^Record 0 is REJECTED since .* by Bob/),
    details: { rowIndex: 0, version: 1 },
  });
  expect((await records()).map(({ decision }) => decision).slice(0, 2)).toEqual([
    'REJECTED',
    'OPEN',
  ]);
});

it('refuses one who names no version where somebody else has decided otherwise', async () => {
  await decide({ actorId: bob, decision: 'REJECTED', selection: named(0) });

  await expect(decide({ selection: named(1, 0) })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/^Record 0 is REJECTED .* by Bob .*you named none/),
    details: { rowIndex: 0, version: 1 },
  });
  expect((await records())[1]).toMatchObject({ decision: 'OPEN', version: 0 });

  await decide({ actorId: bob, selection: named(0) });
  expect((await records())[0]).toMatchObject({ decision: 'ACCEPTED', decidedById: bob });
});

it('reopens, also what was undone', async () => {
  await decide({ selection: named(0, 2) });
  await testbed.runtime.pool.query(sql`
    UPDATE staged_record_state SET status = 'REVERTED', reason = 'undone'
    WHERE batch_id = ${batchId} AND row_index = 0`);

  expect(await decide({ decision: 'OPEN' })).toMatchObject({ decidedCount: 2 });

  expect((await records())[0]).toMatchObject({
    ...{ status: 'NEEDS_REVIEW', statusReason: null, decision: 'OPEN', version: 2 },
    decidedById: null,
  });
});

it('leaves what is in production alone', async () => {
  await decide({ selection: named(0) });
  await testbed.runtime.pool.query(sql`
    UPDATE staged_record_state SET status = 'PROMOTED'
    WHERE batch_id = ${batchId} AND row_index = 0`);

  expect(await decide({ decision: 'OPEN', selection: named(0) })).toMatchObject({
    decidedCount: 0,
    skipped: [{ reason: 'ALREADY_APPLIED', count: 1 }],
  });
});

it('keeps every decision', async () => {
  await decide({ selection: named(0), comment: 'Known.' });
  const seen = { keys: [{ rowIndex: 0, version: 1 }] };
  await decide({ actorId: bob, decision: 'REJECTED', selection: seen });

  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT e.row_index AS row, e.ordinal, e.version, d.decision, d.comment, d.actor_id AS actor
    FROM decision_entry e JOIN decision d ON d.id = e.decision_id
    WHERE e.batch_id = ${batchId} ORDER BY e.version`);
  expect(rows).toEqual([
    { row: 0, ordinal: -1, version: 1, decision: 'ACCEPTED', comment: 'Known.', actor: ann },
    { row: 0, ordinal: -1, version: 2, decision: 'REJECTED', comment: null, actor: bob },
  ]);
});

describe('is refused', () => {
  it('for an audit', async () => {
    const audit = await bed.auditOf(callers(1), ann);

    await expect(decide({ batchId: audit.batchId })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('for a record that is not there', async () => {
    await expect(decide({ selection: named(0, 99) })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'input.records.1' },
    });
  });
});

it('waives a finding of a row without a waiver: there is no entity to keep one for', async () => {
  const result = await bed.decide({
    ...{ batchId, actorId: ann, decision: 'WAIVED' },
    selection: { keys: [key({ rowIndex: 1, ordinal: 0 })] },
  });

  expect(result.decidedCount).toBe(1);
  const { rowCount } = await testbed.runtime.pool.query(sql`
    SELECT FROM waiver w JOIN staged_batch b USING (workspace_id) WHERE b.id = ${batchId}`);
  expect(rowCount).toBe(0);
});

it('compares no named record with all others of a new import', async () => {
  const insertRows = (id: string, from: number, to: number) =>
    testbed.runtime.pool.query(sql`
      WITH record AS (
        INSERT INTO staged_record (batch_id, row_index, entity_type, raw_data)
        SELECT ${id}, n, 'contact', '{}' FROM generate_series(${from}::int, ${to}::int) AS n
      )
      INSERT INTO staged_record_state (batch_id, row_index)
      SELECT ${id}, n FROM generate_series(${from}::int, ${to}::int) AS n`);
  // What PostgreSQL knows of the tables is of earlier imports alone.
  for (let earlier = 0; earlier < 5; earlier += 1) await insertRows(uuidv7(), 0, 20_000);
  await testbed.runtime.pool.query('ANALYZE staged_record, staged_record_state');
  await insertRows(batchId, 10, 60_000);
  const hurried = new Pool({
    connectionString: testbed.connectionString,
    options: '-c statement_timeout=8s',
  });
  const rows = Array.from({ length: 5_000 }, (_, n) => n + 10);

  const result = await decideRecords(hurried, {
    ...{ batchId, actorId: ann, decision: 'ACCEPTED', comment: null, selection: named(...rows) },
  }).finally(() => hurried.end());

  expect(result.decidedCount).toBe(rows.length);
});
