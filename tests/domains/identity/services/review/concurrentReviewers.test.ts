import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindingDecision } from '../../../../../src/domains/identity/generated/prisma/enums.ts';
import { assignRecords } from '../../../../../src/domains/identity/services/review/assignRecords.ts';
import { decideRecords } from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { lockReviewedBatch } from '../../../../../src/domains/identity/services/review/lockReviewedBatch.ts';
import type { DecisionResult } from '../../../../../src/domains/identity/services/review/skipReasons.ts';
import { ExpectedError } from '../../../../../src/platform/errors.ts';
import { createPool, inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { callers, createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let reviewers: string[];
let owner: string;
let pool: Pool;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  // More than the service has, so that more of them really meet.
  pool = createPool({
    ...{ connectionString: testbed.connectionString, applicationName: 'reviewers', max: 25 },
    ...{ waitMs: 30_000, onIdleError: () => {} },
  });
  bed = createReviewBed(testbed, pool);
  reviewers = [];
  for (let index = 0; index < 50; index += 1) {
    reviewers.push(await testbed.createUser(`Reviewer ${index}`));
  }
  owner = reviewers[0] ?? '';
});
afterAll(async () => {
  await pool.end();
  await testbed.close();
});

async function batchOf(findings: number): Promise<string> {
  return (await bed.auditOf(callers(findings), owner)).batchId;
}

/** Who would overwrite what somebody else has just decided is refused, and decides nothing. */
async function unlessRefused(deciding: Promise<DecisionResult>): Promise<{ decidedCount: number }> {
  try {
    return await deciding;
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'CONFLICT') return { decidedCount: 0 };
    throw error;
  }
}

it('loses no decision of fifty reviewers at once, and none of them waits for ever', async () => {
  const batchId = await batchOf(40);
  const found = await bed.findings(batchId);
  const decisions: FindingDecision[] = ['ACCEPTED', 'REJECTED', 'WAIVED', 'OPEN'];

  // All reach for all findings, each in an order of their own, by name and by filter.
  const results = await Promise.all(
    reviewers.map((actorId, index) => {
      const turned = [...found.slice(index % 40), ...found.slice(0, index % 40)];
      return unlessRefused(
        bed.decide({
          ...{ batchId, actorId, decision: decisions[index % 4] ?? 'OPEN' },
          selection:
            index % 5 === 0
              ? { filter: { ruleId: 'contact.phone.format' } }
              : { keys: turned.map((finding) => key(finding)) },
        }),
      );
    }),
  );

  const { rows } = await pool.query<{ decisions: number; versions: number }>(sql`
    SELECT (SELECT count(*)::int FROM decision_entry WHERE batch_id = ${batchId}) AS decisions,
           (SELECT sum(version)::int FROM finding WHERE batch_id = ${batchId}) AS versions`);
  const decided = results.reduce((sum, { decidedCount }) => sum + decidedCount, 0);
  expect(rows).toEqual([{ decisions: decided, versions: decided }]);
  const last = await pool.query(sql`
    SELECT DISTINCT f.decision = d.decision AS same FROM finding f
    JOIN decision_entry e USING (batch_id, row_index, ordinal, version)
    JOIN decision d ON d.id = e.decision_id WHERE f.batch_id = ${batchId}`);
  expect(last.rows).toEqual([{ same: true }]);
});

it('lets one of fifty win who all saw the same version', async () => {
  const batchId = await batchOf(1);
  const selection = { keys: [key({ rowIndex: 0, ordinal: 0 }, { version: 0 })] };

  const results = await Promise.allSettled(
    reviewers.map((actorId, index) =>
      bed.decide({ batchId, actorId, selection, decision: index % 2 ? 'REJECTED' : 'ACCEPTED' }),
    ),
  );

  const late = results.filter((result) => result.status === 'rejected');
  expect(late).toHaveLength(49);
  for (const { reason } of late) expect(reason).toMatchObject({ code: 'CONFLICT' });
  expect(await bed.findings(batchId)).toMatchObject([{ version: 1 }]);
});

it('lets fifty reopen a completed batch at once', async () => {
  const batchId = await batchOf(50);
  await bed.decide({ batchId, actorId: owner });
  await pool.query(sql`
    UPDATE staged_batch SET status = 'COMPLETED' WHERE id = ${batchId}`);
  const found = await bed.findings(batchId);

  const results = await Promise.all(
    reviewers.map((actorId, index) =>
      bed.decide({
        ...{ batchId, actorId, decision: 'OPEN' },
        selection: { keys: found.slice(index, index + 1).map((finding) => key(finding)) },
      }),
    ),
  );

  expect(results.every(({ decidedCount }) => decidedCount === 1)).toBe(true);
  expect(await bed.batchStatus(batchId)).toBe('READY_FOR_REVIEW');
});

it('lets records be decided, assigned and released by many at once', async () => {
  const batchId = await batchOf(20);
  await bed.decide({ batchId, actorId: owner });
  await pool.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, status)
    SELECT ${batchId}, row_index, 'FAILED' FROM finding WHERE batch_id = ${batchId}`);

  await Promise.all(
    reviewers.slice(0, 30).map((actorId, index) =>
      index % 3 === 0
        ? assignRecords(pool, {
            ...{ batchId, selection: { filter: {} } },
            assigneeId: index % 2 ? owner : null,
          })
        : bed.decide({ batchId, actorId, decision: index % 2 ? 'OPEN' : 'REJECTED' }),
    ),
  );

  const { rows } = await pool.query(sql`
    SELECT DISTINCT status FROM staged_record_state WHERE batch_id = ${batchId}`);
  expect(rows).toEqual([{ status: null }]);
});

it('lets fifty decide on and assign the records of an import at once', async () => {
  const workspaceId = await testbed.createWorkspace({ createdBy: owner });
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: owner, title: 'Import', autoPromote: false },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport' },
    rows: Array.from({ length: 40 }, (_, index) => ({
      entityType: 'contact',
      rawData: { familyName: `Meier ${index}` },
    })),
  });
  await testbed.untilResting(batch.id);

  const results = await Promise.all(
    reviewers.map((actorId, index) => {
      // Overlapping, in opposite orders, with rows that nothing is kept of yet.
      const rows = Array.from({ length: 20 }, (_, offset) => (index * 7 + offset * 3) % 40);
      const ordered = index % 2 ? rows : rows.toReversed();
      if (index % 5 === 0) {
        const selection = { keys: ordered };
        return assignRecords(pool, { batchId: batch.id, selection, assigneeId: owner });
      }
      return unlessRefused(
        decideRecords(pool, {
          ...{ batchId: batch.id, actorId, comment: null },
          decision: index % 3 ? 'ACCEPTED' : 'REJECTED',
          selection:
            index % 4 === 0
              ? { filter: {} }
              : { keys: ordered.map((rowIndex) => ({ rowIndex, version: null })) },
        }),
      );
    }),
  );

  const decided = results.reduce<number>(
    (sum, result) => sum + (typeof result === 'number' ? 0 : result.decidedCount),
    0,
  );
  const { rows } = await pool.query(sql`
    SELECT (SELECT count(*)::int FROM decision_entry WHERE batch_id = ${batch.id}) AS decisions,
           (SELECT sum(decision_version)::int FROM staged_record_state
            WHERE batch_id = ${batch.id}) AS versions`);
  expect(rows).toEqual([{ decisions: decided, versions: decided }]);
});

it('keeps a promotion from beginning while somebody decides, but no other reviewer', async () => {
  const batchId = await batchOf(2);

  await inTransaction(pool, async (client) => {
    await lockReviewedBatch(client, batchId);
    await expect(
      pool.query(sql`SELECT FROM staged_batch WHERE id = ${batchId} FOR UPDATE NOWAIT`),
    ).rejects.toThrow('could not obtain lock');
    expect(await bed.decide({ batchId, actorId: owner })).toMatchObject({
      decidedCount: 2,
    });
  });
});
