import { Pool } from 'pg';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateWorkspace } from '../../../../../src/domains/identity/services/configuration/updateWorkspace.ts';
import {
  type IngestRowsInput,
  ingestRows,
} from '../../../../../src/domains/identity/services/imports/ingestRows.ts';
import { createIngestionService } from '../../../../../src/domains/identity/services/staging/ingestionService.ts';
import { readConfig } from '../../../../../src/platform/config.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let workspaceId: string;
let createdBy: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  createdBy = await testbed.createUser('sender');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
});
afterAll(() => testbed.close());

const ROWS = [{ givenName: 'Ada', familyName: 'Byron' }];

const callOf = (input: Partial<IngestRowsInput> = {}): IngestRowsInput => ({
  ...{ workspaceId, createdBy, profile: 'contactImport', autoPromote: false, blankErases: false },
  ...{ rows: ROWS, idempotencyKey: null, limits: readConfig({}).importLimits },
  ...input,
});

const send = (input: Partial<IngestRowsInput> = {}) =>
  testbed.runtime.imports.ingestRows(callOf(input));

async function kept(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT entity_type AS "entityType", raw_data AS "rawData" FROM staged_record
    WHERE batch_id = ${batchId} ORDER BY row_index`);
  return rows;
}

async function batchCount(): Promise<number> {
  const { rows } = await testbed.runtime.pool.query(
    sql`SELECT count(*)::int AS n FROM staged_batch WHERE workspace_id = ${workspaceId}`,
  );
  return rows[0].n;
}

describe('rows that another system sends', () => {
  it('are staged as an import over the API', async () => {
    const sent = await send({ title: ' From the CRM ' });

    expect(sent).toMatchObject({ recordCount: 1, status: 'QUEUED', repeated: false });
    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT title, source_type AS type FROM staged_batch WHERE id = ${sent.batchId}`);
    expect(rows).toEqual([{ title: 'From the CRM', type: 'API_IMPORT' }]);
  });

  it('keep what is no field, and what would pass for a mark of ours, apart', async () => {
    const { batchId } = await send({
      rows: [
        { givenName: 'Ada', score: 7, unreadable: 'x', line: 3, erases: ['email'], unmapped: 1 },
      ],
    });

    const unmapped = { score: 7, unreadable: 'x', line: 3, erases: ['email'], unmapped: 1 };
    expect(await kept(batchId)).toEqual([
      { entityType: 'contact', rawData: { givenName: 'Ada', unmapped } },
    ]);
  });

  it('may be of several types', async () => {
    const { batchId } = await send({
      profile: 'siteImport',
      rows: [
        { name: 'Depot' },
        { entityType: ' Device', serialNumber: 'S-1' },
        { entityType: 'van', name: 'Vito' },
      ],
    });

    expect(await kept(batchId)).toMatchObject([
      { entityType: 'site' },
      { entityType: 'device' },
      {
        entityType: 'site',
        rawData: {
          unreadable: 'entityType: expected one of contact, site, device, got "van".',
          name: 'Vito',
        },
      },
    ]);
  });
});

describe('a row that says nothing', () => {
  it('can not be read, rather than become an empty entity', async () => {
    const { batchId } = await send({ rows: [{ tier: 'gold', givenName: ' ', email: null }] });

    expect(await kept(batchId)).toMatchObject([
      { rawData: { unreadable: 'No field has a value.', unmapped: { tier: 'gold' } } },
    ]);
  });
});

describe('rows that come again under their key', () => {
  it('are staged once', async () => {
    const first = await send({ idempotencyKey: 'k' });
    const again = await send({
      ...{ idempotencyKey: 'k', rows: [{ familyName: 'Byron', givenName: 'Ada' }] },
    });

    expect(again).toEqual({ ...first, repeated: true });
    expect(await batchCount()).toBe(1);
  });

  it('are staged once also when they come at the same time', async () => {
    const sent = await Promise.all(Array.from({ length: 8 }, () => send({ idempotencyKey: 'k' })));

    expect(new Set(sent.map(({ batchId }) => batchId)).size).toBe(1);
    expect(sent.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await batchCount()).toBe(1);
  });

  it.each([
    ['other rows', { rows: [{ givenName: 'Eve' }] }],
    ['another profile', { profile: 'siteImport' }],
    ['promotion at once', { autoPromote: true }],
  ])('are a conflict with %s', async (_what, other) => {
    const { batchId } = await send({ idempotencyKey: 'k' });

    await expect(send({ idempotencyKey: 'k', ...other })).rejects.toMatchObject({
      ...{ code: 'CONFLICT', details: { batchId } },
    });
    expect(await batchCount()).toBe(1);
  });

  it('are others in another workspace', async () => {
    const { batchId } = await send({ idempotencyKey: 'k' });
    const other = await send({
      ...{ idempotencyKey: 'k', workspaceId: await testbed.createWorkspace() },
    });

    expect(other).toMatchObject({ repeated: false });
    expect(other.batchId).not.toBe(batchId);
  });

  it.each(['FAILED', 'CANCELLED'])(
    'are staged anew where they were %s before they were there',
    async (status) => {
      const { batchId } = await send({ idempotencyKey: 'k' });
      await testbed.runtime.pool.query(sql`
      UPDATE staged_batch SET status = ${status}::batch_status, record_count = 0 WHERE id = ${batchId}`);

      expect(await send({ idempotencyKey: 'k' })).toMatchObject({ repeated: false });
    },
  );

  it('are staged anew where staging them failed', async () => {
    const { pool } = testbed.runtime;
    const closedPool = new Pool();
    await closedPool.end();
    const { ingestStagedBatch } = createIngestionService({
      ...{ pool, stagingPool: closedPool, logger: pino({ level: 'silent' }) },
      scheduler: { schedule: () => Promise.resolve(), isScheduled: async () => false },
    });
    const failing = ingestRows({ pool, ingestStagedBatch }, callOf({ idempotencyKey: 'k' }));

    await expect(failing).rejects.toThrow('after calling end');
    expect(await send({ idempotencyKey: 'k' })).toMatchObject({ repeated: false });
    expect(await send({ idempotencyKey: 'k' })).toMatchObject({ repeated: true });
  });

  it('give the batch as it stands, also where it was cancelled', async () => {
    const { batchId } = await send({ idempotencyKey: 'k' });
    await testbed.runtime.lifecycle.cancelStagedBatch(batchId);

    expect(await send({ idempotencyKey: 'k' })).toMatchObject({
      ...{ batchId, status: 'CANCELLED', repeated: true },
    });
  });
});

describe('nothing is written of', () => {
  const few = { ...readConfig({}).importLimits, apiRows: 1 };
  it.each<[string, Partial<IngestRowsInput>, string, string]>([
    ['no rows', { rows: [] }, 'input.rows', 'no rows'],
    ['more than the limit', { rows: [{}, {}], limits: few }, 'input.rows', 'IMPORT_MAX_API_ROWS'],
    ['what is no object', { rows: [{}, 'Ada'] }, 'input.rows.1', 'Row 1 is no object'],
    ['a list', { rows: [[]] }, 'input.rows.0', 'Row 0 is no object'],
    ['a blank key', { idempotencyKey: ' ' }, 'input.idempotencyKey', '1 to 200 characters'],
    ['a long key', { idempotencyKey: 'k'.repeat(201) }, 'input.idempotencyKey', '1 to 200'],
    ['a blank title', { title: ' ' }, 'input.title', '1 to 200 characters'],
    ['audits', { profile: 'dataAudit' }, 'input.profile', 'takes no imports'],
    ['an unknown profile', { profile: 'nope' }, 'input.profile', 'There is no profile'],
  ])('%s', async (_what, input, field, message) => {
    await expect(send(input)).rejects.toMatchObject({
      ...{ code: 'BAD_USER_INPUT', details: { field } },
      message: expect.stringContaining(message),
    });
    expect(await batchCount()).toBe(0);
  });

  it('rows to be promoted at once where the workspace wants four eyes', async () => {
    await updateWorkspace(testbed.runtime.pool, {
      workspaceId,
      actorId: createdBy,
      fourEyes: true,
    });

    await expect(send({ autoPromote: true })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await batchCount()).toBe(0);
  });
});
