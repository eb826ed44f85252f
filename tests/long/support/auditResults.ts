import { expect } from 'vitest';
import type { ServiceBed } from '../../domains/identity/jobs/support/serviceBed.ts';

const FINDINGS = `
  SELECT entity_id, rule_id, rule_version, severity, field, message, current_value,
         suggested_value, related_entity_ids, related_count
  FROM finding WHERE batch_id = `;

/** Expects that two audits of the same data found the same, each finding once. */
export async function expectSameFindings(
  { pool }: ServiceBed,
  batchId: string,
  undisturbedId: string,
): Promise<void> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM finding WHERE batch_id = $2) AS expected,
            (SELECT count(*)::int FROM (${FINDINGS} $1 EXCEPT ALL ${FINDINGS} $2) AS f) AS surplus,
            (SELECT count(*)::int FROM (${FINDINGS} $2 EXCEPT ALL ${FINDINGS} $1) AS f) AS missing`,
    [batchId, undisturbedId],
  );
  expect(rows).toEqual([{ expected: expect.any(Number), surplus: 0, missing: 0 }]);
  expect(rows[0].expected).toBeGreaterThan(0);
}

/** Expects that every record of a batch is accounted for, and that no step is left. */
export async function expectComplete({ pool }: ServiceBed, batchId: string): Promise<void> {
  const { rows } = await pool.query(
    `SELECT b.status, b.record_count - b.processed_count AS unprocessed,
            b.record_count - (
              SELECT sum((e->>'checked')::int + (e->>'gone')::int + (e->>'unreadable')::int)
              FROM jsonb_array_elements(b.certificate->'entities') AS e)::int AS uncertified,
            b.record_count - sum(s.checked_count + s.skipped_count)
              FILTER (WHERE s.kind = 'PROCESS_RANGE')::int AS unaccounted,
            count(*) FILTER (WHERE s.done_at IS NULL)::int AS "openSteps"
     FROM staged_batch b JOIN staged_batch_step s ON s.batch_id = b.id
     WHERE b.id = $1 GROUP BY b.id`,
    [batchId],
  );
  expect(rows).toEqual([
    { status: 'READY_FOR_REVIEW', unprocessed: 0, uncertified: 0, unaccounted: 0, openSteps: 0 },
  ]);
}
