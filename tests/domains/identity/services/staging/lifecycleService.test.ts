import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { dataAudit } from '../../../../../src/domains/identity/profiles/dataAudit.ts';
import { listBatchRuns } from '../../../../../src/domains/identity/services/staging/batchRun.ts';
import { openSteps } from '../../../../../src/domains/identity/services/staging/batchSteps.ts';
import {
  findStagedBatch,
  type StagedBatch,
} from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import type { StagedBatchScheduler } from '../../../../../src/domains/identity/services/staging/stagedBatchScheduler.ts';
import { ExpectedError } from '../../../../../src/platform/errors.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let createdBy: string;
let workspaceId: string;
let schedule: MockInstance<StagedBatchScheduler['schedule']>;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  createdBy = await testbed.createUser('editor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor', email: 'nowhere' });
  // The steps are done by hand, so that the tests know how far they are.
  schedule = vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValue();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => testbed.close());

const cancel = (id: string) => testbed.runtime.lifecycle.cancelStagedBatch(id);
const retry = (id: string) => testbed.runtime.lifecycle.retryStagedBatch(id);
const batchOf = async (id: string): Promise<StagedBatch> => {
  const batch = await findStagedBatch(testbed.runtime.pool, id);
  if (batch === null) throw new Error('The batch is gone.');
  return batch;
};

/** An audit whose steps are all to be done. */
async function queuedAudit(): Promise<string> {
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });
  return batch.id;
}

const runStep = async (id: string, kind: 'PROCESS_RANGE' | 'PROMOTE_RANGE', stepIndex: number) => {
  const { attempt } = await batchOf(id);
  await testbed.runtime.processing.runStep({ batchId: id, attempt }, { kind, stepIndex });
};

/** Does what the queue would: all open steps, then what comes after them. */
async function runAll(id: string): Promise<void> {
  const job = { batchId: id, attempt: (await batchOf(id)).attempt };
  for (const step of await openSteps(testbed.runtime.pool, id)) {
    await testbed.runtime.processing.runStep(job, step);
  }
  await testbed.runtime.processing.advance(job);
}

/** Checks the rows of an import, and then compares those that match nothing for sure. */
async function processImport(id: string): Promise<void> {
  await runAll(id);
  await runAll(id);
}

/** An import of two rows that is being promoted, in two steps of which none is done. */
async function promotedImport(): Promise<string> {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    workspaceId,
    createdBy,
    title: 'Contacts',
    sourceType: 'CSV_IMPORT',
    profile: 'contactImport',
    autoPromote: true,
    rows: ['Meier', 'Ito'].map((familyName) => ({
      entityType: 'contact',
      rawData: { familyName },
    })),
  });
  await processImport(batch.id);
  await testbed.runtime.pool.query(
    `UPDATE staged_batch_step SET end_row = 1 WHERE batch_id = $1 AND kind = 'PROMOTE_RANGE'`,
    [batch.id],
  );
  await testbed.runtime.pool.query(
    `INSERT INTO staged_batch_step (batch_id, kind, step_index, first_row, end_row)
     VALUES ($1, 'PROMOTE_RANGE', 1, 1, 2)`,
    [batch.id],
  );
  expect(await batchOf(batch.id)).toMatchObject({ status: 'PROMOTING' });
  return batch.id;
}

async function familyNames(): Promise<readonly string[]> {
  const { rows } = await testbed.runtime.pool.query<{ name: string }>(
    'SELECT family_name AS name FROM third_party WHERE workspace_id = $1 ORDER BY name',
    [workspaceId],
  );
  return rows.map(({ name }) => name);
}

describe('a batch that is cancelled', () => {
  it('is CANCELLED, and its jobs do nothing', async () => {
    const id = await queuedAudit();

    await cancel(id);
    await runAll(id);

    expect(await batchOf(id)).toMatchObject({
      status: 'CANCELLED',
      processedCount: 0,
      failureReason: null,
    });
    expect(await openSteps(testbed.runtime.pool, id)).not.toEqual([]);
  });

  it('keeps nothing of a range that was under way', async () => {
    const id = await queuedAudit();
    const loadRange = dataAudit.loadRange;
    vi.spyOn(dataAudit, 'loadRange').mockImplementation(async function* (client, range) {
      await cancel(id);
      yield* loadRange(client, range);
    });

    await runStep(id, 'PROCESS_RANGE', 0);

    expect(await batchOf(id)).toMatchObject({ status: 'CANCELLED', processedCount: 0 });
    const { rows } = await testbed.runtime.pool.query('SELECT FROM finding WHERE batch_id = $1', [
      id,
    ]);
    expect(rows).toEqual([]);
  });

  it('makes room for the next audit', async () => {
    await cancel(await queuedAudit());

    await expect(queuedAudit()).resolves.toBeDefined();
  });

  it('in the middle of a promotion leaves what is applied, ends the run and says so', async () => {
    const id = await promotedImport();
    await runStep(id, 'PROMOTE_RANGE', 0);

    await cancel(id);
    await runStep(id, 'PROMOTE_RANGE', 1);

    expect(await batchOf(id)).toMatchObject({
      status: 'CANCELLED',
      failureReason: expect.stringContaining('1 of 2 parts were done'),
    });
    expect(await familyNames()).toEqual(['Meier', 'Okafor']);
    expect(await listBatchRuns(testbed.runtime.pool, id)).toMatchObject([
      { kind: 'PROMOTION', finishedAt: expect.any(Date) },
    ]);
  });

  it('while its rows come in stages none of them', async () => {
    const rows = async function* () {
      for (const familyName of ['Meier', 'Ito']) {
        const { rows: staging } = await testbed.runtime.pool.query<{ id: string }>(
          `SELECT id FROM staged_batch WHERE workspace_id = $1 AND status = 'STAGING'`,
          [workspaceId],
        );
        if (staging[0]) await cancel(staging[0].id);
        yield { entityType: 'contact' as const, rawData: { familyName } };
      }
    };
    const ingesting = testbed.runtime.ingestion.ingestStagedBatch({
      workspaceId,
      createdBy,
      title: 'Contacts',
      sourceType: 'CSV_IMPORT',
      profile: 'contactImport',
      autoPromote: false,
      rows: rows(),
    });

    await expect(ingesting).rejects.toMatchObject({ code: 'CONFLICT' });
    const { rows: left } = await testbed.runtime.pool.query(
      `SELECT status, (SELECT count(*)::int FROM staged_record WHERE batch_id = b.id) AS records
       FROM staged_batch b WHERE workspace_id = $1`,
      [workspaceId],
    );
    expect(left).toEqual([{ status: 'CANCELLED', records: 0 }]);
  });

  it.each(['COMPLETED', 'CANCELLED'])('is refused where it is %s', async (status) => {
    const id = await queuedAudit();
    await testbed.runtime.pool.query(
      'UPDATE staged_batch SET status = $2::batch_status WHERE id = $1',
      [id, status],
    );

    await expect(cancel(id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(status),
    });
  });
});

describe('a batch that is retried', () => {
  const fail = async (id: string) => {
    const { attempt } = await batchOf(id);
    await testbed.runtime.processing.giveUp({ batchId: id, attempt }, 'A test says so.');
  };

  it('goes on from the steps that are not done, in a new attempt', async () => {
    const id = await queuedAudit();
    await runStep(id, 'PROCESS_RANGE', 0);
    await fail(id);

    await retry(id);

    expect(await batchOf(id)).toMatchObject({
      status: 'PROCESSING',
      attempt: 2,
      failureReason: null,
    });
    const [batch, steps] = schedule.mock.lastCall ?? [];
    expect(batch).toMatchObject({ id, attempt: 2 });
    expect(new Set(steps?.map(({ kind }) => kind))).toEqual(new Set(['WORKSPACE_RULE']));
    await runAll(id);
    expect(await batchOf(id)).toMatchObject({ status: 'READY_FOR_REVIEW', processedCount: 1 });
  });

  it('is promoted to the end where its promotion had failed, each record once', async () => {
    const id = await promotedImport();
    await runStep(id, 'PROMOTE_RANGE', 0);
    await fail(id);

    await retry(id);

    expect(await batchOf(id)).toMatchObject({ status: 'PROMOTING' });
    await runAll(id);
    expect(await batchOf(id)).toMatchObject({ status: 'COMPLETED' });
    expect(await familyNames()).toEqual(['Ito', 'Meier', 'Okafor']);
    expect(await listBatchRuns(testbed.runtime.pool, id)).toHaveLength(1);
  });

  it('goes on where all was done but the last move', async () => {
    const id = await queuedAudit();
    const job = { batchId: id, attempt: 1 };
    for (const step of await openSteps(testbed.runtime.pool, id)) {
      await testbed.runtime.processing.runStep(job, step);
    }
    await fail(id);

    await retry(id);
    await runAll(id);

    expect(await batchOf(id)).toMatchObject({ status: 'READY_FOR_REVIEW' });
  });

  it('is refused where its rows never came in, and says what to do', async () => {
    const { rows } = await testbed.runtime.pool.query<{ id: string }>(
      `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, status)
       VALUES (gen_random_uuid(), $1, $2, 'Lost', 'DATA_AUDIT', 'dataAudit', 'FAILED') RETURNING id`,
      [workspaceId, createdBy],
    );

    await expect(retry(String(rows[0]?.id))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Start a new one.'),
    });
  });

  it('is refused while another audit of the workspace runs, and names it', async () => {
    const id = await queuedAudit();
    await fail(id);
    const other = await queuedAudit();

    await expect(retry(id)).rejects.toMatchObject({
      code: 'AUDIT_IN_PROGRESS',
      details: { batchId: other },
    });
  });

  it('is refused where it has not failed', async () => {
    await expect(retry(await queuedAudit())).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The batch is QUEUED. Only one that is FAILED can be retried.',
    });
  });

  it('is FAILED again where the queue is away', async () => {
    const id = await queuedAudit();
    await fail(id);
    schedule.mockRejectedValueOnce(new ExpectedError('QUEUE_UNAVAILABLE', 'The queue is away.'));

    await expect(retry(id)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });

    expect(await batchOf(id)).toMatchObject({
      status: 'FAILED',
      failureReason: 'The queue is away.',
    });
    await retry(id);
    expect(await batchOf(id)).toMatchObject({ status: 'PROCESSING', attempt: 3 });
  });

  it('can be given up instead', async () => {
    const id = await queuedAudit();
    await fail(id);

    await cancel(id);

    expect(await batchOf(id)).toMatchObject({ status: 'CANCELLED' });
  });
});

it('what a cancelled promotion has recorded is what it has applied, whenever it is cancelled', async () => {
  const { pool, processing } = testbed.runtime;
  const rowCount = 40;
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    workspaceId,
    createdBy,
    title: 'Contacts',
    sourceType: 'CSV_IMPORT',
    profile: 'contactImport',
    autoPromote: true,
    rows: Array.from({ length: rowCount }, (_, index) => ({
      entityType: 'contact',
      rawData: { familyName: `Meier ${index}` },
    })),
  });
  await processImport(batch.id);
  await pool.query(
    `UPDATE staged_batch_step SET end_row = 1 WHERE batch_id = $1 AND kind = 'PROMOTE_RANGE'`,
    [batch.id],
  );
  await pool.query(
    `INSERT INTO staged_batch_step (batch_id, kind, step_index, first_row, end_row)
     SELECT $1, 'PROMOTE_RANGE', i, i, i + 1 FROM generate_series(1, $2::int - 1) AS i`,
    [batch.id, rowCount],
  );
  const { attempt } = await batchOf(batch.id);
  const job = { batchId: batch.id, attempt };
  const promoting = (await openSteps(pool, batch.id)).map((step) => processing.runStep(job, step));
  await Promise.race(promoting);

  await cancel(batch.id);
  await Promise.all(promoting);

  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM third_party WHERE workspace_id = $2
              AND family_name LIKE 'Meier%') AS entities,
            (SELECT count(*)::int FROM entity_change WHERE batch_id = $1) AS changes,
            (SELECT count(done_at)::int FROM staged_batch_step
              WHERE batch_id = $1 AND kind = 'PROMOTE_RANGE') AS done,
            (SELECT (counts->>'applied')::int FROM batch_run WHERE batch_id = $1) AS counted`,
    [batch.id, workspaceId],
  );
  const [{ done }] = rows;
  expect(rows).toEqual([{ entities: done, changes: done, done, counted: done }]);
  expect(done).toBeGreaterThan(0);
  expect((await batchOf(batch.id)).failureReason).toMatch(/\d+ of 40 parts were done/);
});
