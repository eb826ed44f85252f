import type { Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { MatchKind, RecordStatus } from '../../generated/prisma/enums.ts';
import { AUDIT_PROFILES, MATCHING_PROFILES } from '../../profiles/registry.ts';
import type { Severity } from '../../rules/rule.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';

/** How many findings a rule has in a batch. */
export interface FindingCount {
  readonly batchId: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly count: number;
  /** Those that records under review show as open. */
  readonly openCount: number;
  readonly waivedCount: number;
}

/** The findings of batches by rule and severity, errors first, then by number; of thinned ones as they were. */
export async function countFindings(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly FindingCount[]> {
  const counts = sql`
    SELECT f.batch_id AS "batchId", f.rule_id AS "ruleId", f.severity, count(*)::int AS count,
           (count(*) FILTER (WHERE ${isToReview(sql`f`)}))::int AS "openCount",
           (count(*) FILTER (WHERE f.decision = 'WAIVED'))::int AS "waivedCount"
    FROM finding f ${joinLeftReview(sql`f`)}
    WHERE f.batch_id = ANY (ARRAY (
      SELECT id FROM staged_batch WHERE id = ANY(${batchIds}::uuid[]) AND thinned_at IS NULL))
    GROUP BY f.batch_id, f.rule_id, f.severity
    UNION ALL
    SELECT b.id, kept."ruleId", kept.severity, kept.count, kept."openCount", kept."waivedCount"
    FROM staged_batch b CROSS JOIN LATERAL jsonb_to_recordset(b.kept_counts->'findings')
      AS kept("ruleId" text, severity severity, count int, "openCount" int, "waivedCount" int)
    WHERE b.id = ANY(${batchIds}::uuid[])
    ORDER BY severity, count DESC, "ruleId"`;
  return inTransaction(pool, (client) =>
    withoutNestedLoops(client, async () => (await client.query<FindingCount>(counts)).rows),
  );
}

/** Joins to findings `f` the state `s` of their records, where these are not under review (any more). */
export function joinLeftReview(f: Sql): Sql {
  return sql`
    LEFT JOIN staged_record_state s ON s.batch_id = ${f}.batch_id AND s.row_index = ${f}.row_index
      AND (s.status IS NOT NULL OR s.decision = 'REJECTED')`;
}

/** Whether nobody has decided on a finding `f` that is under review, by what {@link joinLeftReview} joins. */
export function isToReview(f: Sql): Sql {
  return sql`(${f}.decision = 'OPEN' AND s.row_index IS NULL)`;
}

/** How many records of a batch have a status. */
export interface RecordCount {
  readonly batchId: string;
  readonly status: RecordStatus;
  readonly count: number;
}

/** The records of batches by status, of thinned ones as they were; statuses that no record has are left out. */
export async function countRecords(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly RecordCount[]> {
  const { rows } = await pool.query<RecordCount>(sql`
    WITH batch AS (
      -- Of an incremental audit that has been processed, the steps count more than it has kept.
      SELECT id AS batch_id, record_count, processed_count, profile = ANY(${AUDIT_PROFILES}::text[]) AS is_audit
      FROM staged_batch WHERE id = ANY(${batchIds}::uuid[]) AND thinned_at IS NULL
    ), kept AS (
      SELECT batch_id, status, count(*) AS count
      FROM staged_record_state JOIN batch USING (batch_id)
      WHERE status IS NOT NULL GROUP BY batch_id, status
    ), found_record AS (
      SELECT f.batch_id, bool_or(f.decision = 'OPEN') AS any_open
      FROM finding f JOIN batch USING (batch_id)
      WHERE is_audit AND NOT EXISTS (
        SELECT FROM staged_record_state s
        WHERE s.batch_id = f.batch_id AND s.row_index = f.row_index AND s.status IS NOT NULL)
      GROUP BY f.batch_id, f.row_index
    ), found AS (
      SELECT batch_id, CASE WHEN any_open THEN 'NEEDS_REVIEW' ELSE 'DECIDED' END::record_status AS status,
             count(*) AS count
      FROM found_record GROUP BY batch_id, any_open
    ), decided AS (
      SELECT s.batch_id, 'DECIDED'::record_status AS status, count(*) AS count
      FROM staged_record_state s JOIN batch USING (batch_id)
      WHERE NOT is_audit AND s.status IS NULL
        AND (s.decision = 'REJECTED' OR s.decision = 'ACCEPTED' AND NOT EXISTS (
          SELECT FROM finding f
          WHERE f.batch_id = s.batch_id AND f.row_index = s.row_index AND f.decision = 'OPEN'))
      GROUP BY s.batch_id
    ), unchanged AS (
      SELECT batch_id, 'PASSED'::record_status AS status, count(*) AS count
      FROM staged_record_state JOIN batch USING (batch_id)
      WHERE status IS NULL AND match_kind = 'UNCHANGED' GROUP BY batch_id
    ), known AS (
      SELECT * FROM kept UNION ALL SELECT * FROM found UNION ALL SELECT * FROM decided
      UNION ALL SELECT * FROM unchanged
    ), counted AS (
      SELECT * FROM known
      UNION ALL
      SELECT batch_id, 'PENDING', record_count - processed_count FROM batch
      UNION ALL
      SELECT b.batch_id, CASE WHEN b.is_audit THEN 'PASSED' ELSE 'NEEDS_REVIEW' END::record_status,
             b.processed_count - coalesce(sum(k.count), 0)
      FROM batch b LEFT JOIN known k USING (batch_id)
      GROUP BY b.batch_id, b.is_audit, b.processed_count
      UNION ALL
      SELECT b.id, thinned.status, thinned.count
      FROM staged_batch b CROSS JOIN LATERAL jsonb_to_recordset(b.kept_counts->'records')
        AS thinned(status record_status, count bigint)
      WHERE b.id = ANY(${batchIds}::uuid[])
    )
    SELECT batch_id AS "batchId", status, count::int FROM counted WHERE count > 0 ORDER BY status`);
  return rows;
}

/** How many rows of an import are so matched. */
export interface MatchCount {
  readonly batchId: string;
  readonly kind: MatchKind;
  readonly count: number;
}

/**
 * The rows of imports by what they are to production, of thinned ones as they were; kinds that no row
 * is of are left out, and rows that could not be read are of none.
 */
export async function countMatches(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly MatchCount[]> {
  const { rows } = await pool.query<MatchCount>(sql`
    WITH batch AS (
      SELECT id AS batch_id, processed_count FROM staged_batch
      WHERE id = ANY(${batchIds}::uuid[]) AND thinned_at IS NULL
        AND profile = ANY(${MATCHING_PROFILES}::text[])
    ), known AS (
      SELECT batch_id, CASE WHEN status IS DISTINCT FROM 'INVALID' THEN match_kind END AS kind,
             count(*) AS count
      FROM staged_record_state JOIN batch USING (batch_id)
      WHERE match_kind IS NOT NULL OR status = 'INVALID'
      GROUP BY 1, 2
    ), counted AS (
      SELECT * FROM known WHERE kind IS NOT NULL
      UNION ALL
      SELECT b.batch_id, 'NEW', b.processed_count - coalesce(sum(k.count), 0)
      FROM batch b LEFT JOIN known k USING (batch_id) GROUP BY b.batch_id, b.processed_count
      UNION ALL
      SELECT b.id, thinned.kind, thinned.count
      FROM staged_batch b CROSS JOIN LATERAL jsonb_to_recordset(b.kept_counts->'matches')
        AS thinned(kind match_kind, count bigint)
      WHERE b.id = ANY(${batchIds}::uuid[])
    )
    SELECT batch_id AS "batchId", kind, sum(count)::int AS count FROM counted
    GROUP BY batch_id, kind HAVING sum(count) > 0 ORDER BY kind`);
  return rows;
}
