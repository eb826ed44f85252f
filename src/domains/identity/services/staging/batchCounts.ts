import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import type { RecordStatus } from '../../generated/prisma/enums.ts';
import type { Severity } from '../../rules/rule.ts';

/** How many findings a rule has in a batch. */
export interface FindingCount {
  readonly batchId: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly count: number;
}

/** The findings of batches by rule and severity: errors first, then by number. */
export async function countFindings(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly FindingCount[]> {
  const { rows } = await pool.query<FindingCount>(sql`
    SELECT batch_id AS "batchId", rule_id AS "ruleId", severity, count(*)::int AS count
    FROM finding WHERE batch_id = ANY(${batchIds}::uuid[])
    GROUP BY batch_id, rule_id, severity
    ORDER BY severity, count DESC, rule_id`);
  return rows;
}

/** How many records of a batch have a status. */
export interface RecordCount {
  readonly batchId: string;
  readonly status: RecordStatus;
  readonly count: number;
}

/** The records of batches by status; statuses that no record has are left out. */
export async function countRecords(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly RecordCount[]> {
  const { rows } = await pool.query<RecordCount>(sql`
    WITH batch AS (
      SELECT id AS batch_id, record_count FROM staged_batch WHERE id = ANY(${batchIds}::uuid[])
    ), kept AS (
      SELECT batch_id, status, count(*) AS count
      FROM staged_record_state JOIN batch USING (batch_id) GROUP BY batch_id, status
    ), found_record AS (
      SELECT f.batch_id, bool_or(f.decision = 'OPEN') AS any_open
      FROM finding f JOIN batch USING (batch_id)
      WHERE NOT EXISTS (
        SELECT FROM staged_record_state s WHERE s.batch_id = f.batch_id AND s.row_index = f.row_index)
      GROUP BY f.batch_id, f.row_index
    ), found AS (
      SELECT batch_id, CASE WHEN any_open THEN 'NEEDS_REVIEW' ELSE 'DECIDED' END::record_status AS status,
             count(*) AS count
      FROM found_record GROUP BY batch_id, any_open
    ), processed AS (
      SELECT b.batch_id, coalesce(sum(s.checked_count + s.skipped_count), 0) AS count
      FROM batch b
      LEFT JOIN staged_batch_step s ON s.batch_id = b.batch_id AND s.kind = 'PROCESS_RANGE'
      GROUP BY b.batch_id
    ), known AS (
      SELECT * FROM kept UNION ALL SELECT * FROM found
    ), counted AS (
      SELECT * FROM known
      UNION ALL
      SELECT batch_id, 'PENDING', record_count - count FROM batch JOIN processed USING (batch_id)
      UNION ALL
      SELECT p.batch_id, 'PASSED', p.count - coalesce(sum(k.count), 0)
      FROM processed p LEFT JOIN known k USING (batch_id) GROUP BY p.batch_id, p.count
    )
    SELECT batch_id AS "batchId", status, count::int FROM counted WHERE count > 0 ORDER BY status`);
  return rows;
}
