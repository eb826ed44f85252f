import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { updateWorkspace } from '../../../../../src/domains/identity/services/configuration/updateWorkspace.ts';
import { createScheduleReconciler } from '../../../../../src/domains/identity/services/schedules/reconcileSchedules.ts';
import type { ScheduleQueue } from '../../../../../src/domains/identity/services/schedules/scheduleQueue.ts';
import {
  countFindings,
  countRecords,
} from '../../../../../src/domains/identity/services/staging/batchCounts.ts';
import { archiveWorkspace } from '../../../../../src/domains/identity/services/workspaceArchive.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { waitFor } from '../../../../support/waitFor.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createReviewBed } from '../review/reviewBed.ts';

let testbed: IdentityTestbed;
let batches: BatchBed;
let review: ReturnType<typeof createReviewBed>;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('officer');
  batches = createBatchBed(testbed, actorId);
  review = createReviewBed(testbed);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const pool = () => testbed.runtime.pool;
const keep = (retentionDays: number | null) =>
  updateWorkspace(pool(), { workspaceId, retentionDays, actorId });
const thin = () => testbed.runtime.retention.thinOldBatches();

/** A batch of which a promotion is in production, and which came to its end so many days ago. */
async function endedAudit(days: number): Promise<string> {
  await testbed.createEntity(workspaceId, 'contact', { familyName: ' Okafor', phone: '1' });
  const batchId = await batches.audit(workspaceId);
  const decide = (field: string, decision: 'ACCEPTED' | 'WAIVED' | 'REJECTED') =>
    review.decide({
      ...{ batchId, actorId, decision, comment: 'Seen', selection: { filter: { field } } },
      ...(decision === 'WAIVED' && { waiver: { reason: 'Fine', expiresAt: null } }),
    });
  await decide('familyName', 'ACCEPTED');
  await decide('phone', 'WAIVED');
  await batches.promote(batchId);
  await ended(batchId, days);
  return batchId;
}

async function ended(batchId: string, days: number, status = 'COMPLETED'): Promise<void> {
  await pool().query(
    `UPDATE staged_batch SET status = $2::batch_status, finished_at = now() - make_interval(days => $3)
     WHERE id = $1`,
    [batchId, status, days],
  );
}

const ROWS = ['staged_record', 'staged_record_state', 'finding', 'decision_entry', 'decision'];

async function count(tables: readonly string[], batchId: string): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const table of tables) {
    const { rows } = await pool().query(
      `SELECT count(*)::int AS count FROM ${table} WHERE batch_id = $1`,
      [batchId],
    );
    counts.push(rows[0].count);
  }
  return counts;
}

async function thinnedAt(batchId: string): Promise<Date | null> {
  const { rows } = await pool().query('SELECT thinned_at FROM staged_batch WHERE id = $1', [
    batchId,
  ]);
  return rows[0].thinned_at;
}

/** What has to outlive the rows. */
async function memory(batchId: string): Promise<unknown> {
  const { rows } = await pool().query(
    `SELECT (SELECT jsonb_agg(e ORDER BY e.entity_id, e.rule_id, e.field)
             FROM ledger_entry e WHERE workspace_id = $1) AS ledger,
            (SELECT jsonb_agg(w) FROM waiver w WHERE workspace_id = $1) AS waivers,
            (SELECT jsonb_agg(q ORDER BY q) FROM quality_score q WHERE workspace_id = $1) AS scores,
            (SELECT jsonb_agg(c ORDER BY c.id) FROM entity_change c WHERE batch_id = $2) AS changes,
            (SELECT jsonb_agg(r ORDER BY r.id) FROM batch_run r WHERE batch_id = $2) AS runs,
            (SELECT certificate FROM staged_batch WHERE id = $2) AS certificate`,
    [workspaceId, batchId],
  );
  return rows[0];
}

describe('a batch that ended longer ago than the workspace keeps it', () => {
  it('keeps its counts, its certificate and what came of it, and loses its rows', async () => {
    const batchId = await endedAudit(31);
    await batches.audit(workspaceId);
    await keep(30);
    const counted = () =>
      Promise.all([countFindings(pool(), [batchId]), countRecords(pool(), [batchId])]);
    const before = { memory: await memory(batchId), counts: await counted() };
    expect(before.counts.flat().length).toBeGreaterThan(2);

    await thin();

    expect(await count([...ROWS, 'merge', 'staged_batch_step'], batchId)).toEqual(Array(7).fill(0));
    expect({ memory: await memory(batchId), counts: await counted() }).toEqual(before);
    expect(await thinnedAt(batchId)).toBeInstanceOf(Date);
  });

  it('can no longer be decided on, promoted, undone or retried', async () => {
    const batchId = await endedAudit(31);
    await batches.audit(workspaceId);
    await keep(30);
    await thin();
    const { promotion, reversal, lifecycle } = testbed.runtime;
    const input = { batchId, actorId };
    const thinned = expect.objectContaining({
      code: 'CONFLICT',
      message: expect.stringContaining('The batch was thinned on'),
    });
    for (const attempt of [
      () => promotion.promoteStagedBatch(input),
      () => promotion.previewPromotion(input),
      () => reversal.revertPromotion(input),
      () => reversal.previewReversal(input),
      () => review.decide({ ...input, decision: 'OPEN', selection: { filter: {} } }),
    ]) {
      await expect(attempt()).rejects.toEqual(thinned);
    }
    await ended(batchId, 31, 'FAILED');
    await expect(lifecycle.retryStagedBatch(batchId)).rejects.toEqual(thinned);
  });

  it.each(['CANCELLED', 'FAILED'])('is thinned when it is %s, too', async (status) => {
    const batchId = await endedAudit(31);
    await batches.audit(workspaceId);
    await ended(batchId, 31, status);
    await keep(30);
    await thin();
    expect(await count(ROWS, batchId)).toEqual([0, 0, 0, 0, 0]);
  });

  it('is thinned to the end by the next pass when one was killed', async () => {
    const batchId = await endedAudit(31);
    await batches.audit(workspaceId);
    await keep(30);
    await pool().query(
      `UPDATE staged_batch SET thinned_at = now(), kept_counts = '{"findings": [], "records": []}'
       WHERE id = $1`,
      [batchId],
    );
    await thin();
    expect(await count([...ROWS, 'staged_batch_step'], batchId)).toEqual(Array(6).fill(0));
  });
});

describe('is left alone:', () => {
  it.each(['READY_FOR_REVIEW', 'PROMOTING'])('a batch that is %s', async (status) => {
    const batchId = await endedAudit(0);
    await batches.audit(workspaceId);
    await ended(batchId, 400, status);
    await keep(30);
    await thin();
    expect(await thinnedAt(batchId)).toBeNull();
    await ended(batchId, 0);
  });

  it('one that ended later, one whose workspace keeps all, and the last full audit', async () => {
    const batchId = await endedAudit(29);
    await keep(30);
    await batches.audit(workspaceId);
    await thin();
    await ended(batchId, 400);
    await keep(null);
    await thin();
    expect(await thinnedAt(batchId)).toBeNull();

    const last = await batches.audit(workspaceId);
    await ended(last, 400);
    await keep(1);
    await thin();
    expect(await thinnedAt(last)).toBeNull();
    expect(await thinnedAt(batchId)).not.toBeNull();
  });
});

it('does not ask again for what people have confirmed', async () => {
  const id = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor' });
  await pool().query(`
    BEGIN;
    ALTER TABLE third_party DISABLE TRIGGER stamp_entity_change;
    UPDATE third_party SET updated_at = '2020-02-02' WHERE id = '${id}';
    ALTER TABLE third_party ENABLE TRIGGER stamp_entity_change;
    COMMIT`);
  const stale = async (batchId: string) => {
    const { rows } = await pool().query(
      `SELECT entity_id FROM finding WHERE batch_id = $1 AND rule_id = 'contact.stale'`,
      [batchId],
    );
    return rows.length;
  };
  const first = await batches.audit(workspaceId);
  expect(await stale(first)).toBe(1);
  const filter = { ruleId: 'contact.stale' };
  await review.decide({ batchId: first, actorId, decision: 'REJECTED', selection: { filter } });
  expect(await stale(await batches.audit(workspaceId))).toBe(0);
  await ended(first, 31);
  await keep(30);
  await thin();
  expect(await count(ROWS, first)).toEqual([0, 0, 0, 0, 0]);

  expect(await stale(await batches.audit(workspaceId))).toBe(0);
});

it('takes 1 to 3650 days, and keeps who changed that', async () => {
  await expect(keep(0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(keep(3_651)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await keep(90);
  await keep(90);
  await keep(null);
  const { rows } = await pool().query(
    `SELECT before, after, actor_id AS "actorId" FROM configuration_change
     WHERE workspace_id = $1 ORDER BY id`,
    [workspaceId],
  );
  expect(rows).toEqual([
    { before: { retentionDays: null }, after: { retentionDays: 90 }, actorId },
    { before: { retentionDays: 90 }, after: { retentionDays: null }, actorId },
  ]);
});

it('keeps no schedule waiting meanwhile', async () => {
  await keep(30);
  const batchId = await endedAudit(31);
  await endedAudit(1);
  const listed = vi.fn<ScheduleQueue['list']>(async () => []);
  const nothing = async () => {};
  const { reconcileSchedules } = createScheduleReconciler({
    pool: pool(),
    queue: { list: listed, put: nothing, remove: nothing, runNow: nothing },
    logger: pino({ level: 'silent' }),
  });

  const thinning = await inTransaction(pool(), async (client) => {
    await client.query('SELECT FROM staged_batch WHERE id = $1 FOR UPDATE', [batchId]);
    const begun = thin();
    await waitFor('the pass to reach the batch', async () => {
      const { rowCount } = await pool().query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });
    await reconcileSchedules();
    expect(listed).toHaveBeenCalledOnce();
    return { begun };
  });
  await thinning.begun;
});

it('goes on with the others when it fails with a batch, and tries that one again', async () => {
  const batchId = await endedAudit(32);
  const later = await endedAudit(31);
  await batches.audit(workspaceId);
  await keep(30);
  await pool().query(`
    CREATE FUNCTION refuse_deleting() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE 'not this one'; END $$;
    CREATE TRIGGER refuse_deleting BEFORE DELETE ON staged_record
      FOR EACH ROW WHEN (OLD.batch_id = '${batchId}') EXECUTE FUNCTION refuse_deleting()`);

  await thin();

  expect(await count(ROWS, later)).toEqual([0, 0, 0, 0, 0]);
  expect(await count(['staged_record'], batchId)).not.toEqual([0]);
  await pool().query('DROP FUNCTION refuse_deleting CASCADE');
  await thin();
  expect(await count(ROWS, batchId)).toEqual([0, 0, 0, 0, 0]);
});

it('deletes in archived workspaces, too, what was to be kept no longer', async () => {
  const batchId = await endedAudit(31);
  await batches.audit(workspaceId);
  await keep(30);
  await archiveWorkspace(pool(), workspaceId);
  await thin();
  expect(await count(ROWS, batchId)).toEqual([0, 0, 0, 0, 0]);
});
