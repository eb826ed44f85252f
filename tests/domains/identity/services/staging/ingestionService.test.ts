import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  STAGED_BATCH_SOURCE_TYPES,
  type StagedRow,
} from '../../../../../src/domains/identity/profiles/profile.ts';
import {
  createIngestionService,
  type IngestStagedBatchInput,
} from '../../../../../src/domains/identity/services/staging/ingestionService.ts';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { archiveWorkspace } from '../../../../../src/domains/identity/services/workspaceArchive.ts';
import { ExpectedError } from '../../../../../src/platform/errors.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { waitFor } from '../../../../support/waitFor.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let workspaceId: string;
let createdBy: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  createdBy = await testbed.createUser('editor');
  workspaceId = await testbed.createWorkspace();
});
afterAll(() => testbed.close());

const row = (familyName: string): StagedRow => ({
  entityType: 'contact',
  rawData: { familyName },
});

const input = (changes: Partial<IngestStagedBatchInput> = {}): IngestStagedBatchInput => ({
  workspaceId,
  createdBy,
  title: 'Contacts',
  sourceType: 'CSV_IMPORT',
  profile: 'contactImport',
  autoPromote: false,
  rows: [row('Meier'), row('Müller')],
  ...changes,
});

async function countBatches(): Promise<number> {
  const { rows } = await testbed.runtime.pool.query('SELECT count(*)::int AS n FROM staged_batch');
  return rows[0].n;
}

async function batchTitled(title: string) {
  const { rows } = await testbed.runtime.pool.query<{ id: string }>(
    'SELECT id FROM staged_batch WHERE title = $1',
    [title],
  );
  const [batch] = rows;
  return batch === undefined ? null : findStagedBatch(testbed.runtime.pool, batch.id);
}

describe('refuses, and writes nothing,', () => {
  it.each([
    ['an unknown profile', { profile: 'importEverything' }, 'profile'],
    ['an unknown source type', { sourceType: 'CARRIER_PIGEON' as 'CSV_IMPORT' }, 'sourceType'],
    ['an audit that is an import', { sourceType: 'DATA_AUDIT' as const }, 'sourceType'],
    ['an import that is an audit', { profile: 'dataAudit' }, 'sourceType'],
    ['no rows', { rows: [] }, 'rows'],
  ])('%s', async (_what, changes, field) => {
    const before = await countBatches();

    await expect(testbed.runtime.ingestion.ingestStagedBatch(input(changes))).rejects.toMatchObject(
      { code: 'BAD_USER_INPUT', details: { field } },
    );

    expect(await countBatches()).toBe(before);
  });
});

it('stages rows from any iterable, in their order', async () => {
  const names = ['a\tb', 'c\\d', 'e\nf', '\\N', '\\u0000', 'nul\0byte', 'half \uD83D', '😀'];
  const { batch, recordCount } = await testbed.runtime.ingestion.ingestStagedBatch(
    input({
      rows: (async function* () {
        for (const name of names) yield row(name);
      })(),
    }),
  );

  expect({ status: batch.status, recordCount }).toEqual({
    status: 'QUEUED',
    recordCount: names.length,
  });
  const { rows } = await testbed.runtime.pool.query(
    `SELECT raw_data->>'familyName' AS name FROM staged_record WHERE batch_id = $1 ORDER BY row_index`,
    [batch.id],
  );
  expect(rows.map(({ name }) => name)).toEqual(
    names.map((name) => name.replace(/\0|\uD83D$/, '\uFFFD')),
  );
});

it('leaves nothing and re-throws when the rows of an import break off', async () => {
  const failure = new ExpectedError('BAD_USER_INPUT', 'Line 7 is no CSV.');
  const rows = (function* () {
    yield row('Meier');
    throw failure;
  })();

  await expect(
    testbed.runtime.ingestion.ingestStagedBatch(input({ rows, title: 'Broken off' })),
  ).rejects.toBe(failure);

  expect(await batchTitled('Broken off')).toBeNull();
});

it('fails the batch with the reason and re-throws when it can not be scheduled', async () => {
  const failure = new ExpectedError('QUEUE_UNAVAILABLE', 'The job queue is not available.');
  const { ingestStagedBatch } = createIngestionService({
    pool: testbed.runtime.pool,
    stagingPool: testbed.runtime.pool,
    scheduler: { schedule: () => Promise.reject(failure), isScheduled: async () => false },
    logger: pino({ level: 'silent' }),
  });

  await expect(ingestStagedBatch(input({ title: 'Not scheduled' }))).rejects.toBe(failure);

  expect(await batchTitled('Not scheduled')).toMatchObject({
    status: 'FAILED',
    failureReason: 'The job queue is not available.',
  });
});

describe('while its workspace is archived, a batch', () => {
  const untilWaiting = () =>
    waitFor('somebody to wait for a lock', async () => {
      const { rowCount } = await testbed.runtime.pool.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });

  it('that comes in the same instant is refused, and leaves no trace', async () => {
    const { pool, ingestion } = testbed.runtime;
    const archived = await testbed.createWorkspace();

    const ingesting = await inTransaction(pool, async (client) => {
      await client.query('SELECT FROM workspace WHERE id = $1 FOR UPDATE', [archived]);
      const begun = ingestion.ingestStagedBatch(input({ workspaceId: archived }));
      // The refusal is looked at below; until then nobody else does.
      begun.catch(() => {});
      await untilWaiting();
      await client.query('UPDATE workspace SET archived_at = now() WHERE id = $1', [archived]);
      return { begun };
    });

    await expect(ingesting.begun).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('archived'),
    });
    const { rowCount } = await pool.query('SELECT FROM staged_batch WHERE workspace_id = $1', [
      archived,
    ]);
    expect(rowCount).toBe(0);
  });

  it('that was there an instant before keeps it from being archived', async () => {
    const { pool } = testbed.runtime;
    const used = await testbed.createWorkspace();

    const archiving = await inTransaction(pool, async (client) => {
      await client.query(
        `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile)
         VALUES (gen_random_uuid(), $1, $2, 'First', 'CSV_IMPORT', 'contactImport')`,
        [used, createdBy],
      );
      const begun = archiveWorkspace(pool, used);
      begun.catch(() => {});
      await untilWaiting();
      return { begun };
    });

    await expect(archiving.begun).rejects.toThrow('Work is under way');
  });
});

describe('source types', () => {
  it('are the same in code and in the database', async () => {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
       WHERE conname = 'staged_batch_source_type_check'`,
    );
    const inDatabase = [...rows[0].definition.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    expect(inDatabase.sort()).toEqual([...STAGED_BATCH_SOURCE_TYPES].sort());
  });

  it.each(STAGED_BATCH_SOURCE_TYPES)('%s is taken by the database', async (sourceType) => {
    await expect(insertWithSourceType(sourceType)).resolves.toBeDefined();
  });

  it.each(['', 'csv_import', 'XML_IMPORT'])(
    '"%s" is refused by the database',
    async (sourceType) => {
      await expect(insertWithSourceType(sourceType)).rejects.toMatchObject({
        code: '23514',
        constraint: 'staged_batch_source_type_check',
      });
    },
  );

  function insertWithSourceType(sourceType: string) {
    return testbed.runtime.pool.query(
      `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, status)
       VALUES (gen_random_uuid(), $1, $2, 'x', $3, 'contactImport', 'COMPLETED')`,
      [workspaceId, createdBy, sourceType],
    );
  }
});
