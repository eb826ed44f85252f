import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { RecordStatus } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import type { KeysetPage } from '../keyset.ts';
import type { Finding } from './stagedRecords.ts';

export interface FindingFilter {
  readonly severity?: Severity | null;
  readonly ruleId?: string | null;
  readonly entityType?: EntityType | null;
}

/** Where a finding stands in its batch. */
export type FindingPosition = Pick<Finding, 'rowIndex' | 'ordinal'>;

/** One page of a batch's findings, in the order of its records. */
export async function listFindings(
  pool: Pool,
  batchId: string,
  { severity = null, ruleId = null, entityType = null }: FindingFilter,
  { after, before, limit, backwards }: KeysetPage<FindingPosition>,
): Promise<readonly Finding[]> {
  const direction = raw(backwards ? 'DESC' : 'ASC');
  const { rows } = await pool.query<Finding>(sql`
    SELECT batch_id AS "batchId", row_index AS "rowIndex", ordinal, rule_id AS "ruleId",
           rule_version AS "ruleVersion", entity_type AS "entityType", entity_id AS "entityId",
           entity_version AS "entityVersion", severity, field, message,
           current_value AS "currentValue", suggested_value AS "suggestedValue",
           related_entity_ids AS "relatedEntityIds", related_count AS "relatedCount", decision
    FROM finding
    WHERE batch_id = ${batchId}
      AND ${after ? sql`(row_index, ordinal) > (${after.rowIndex}, ${after.ordinal})` : sql`true`}
      AND ${before ? sql`(row_index, ordinal) < (${before.rowIndex}, ${before.ordinal})` : sql`true`}
      AND ${severity ? sql`severity = ${severity}` : sql`true`}
      AND ${ruleId ? sql`rule_id = ${ruleId}` : sql`true`}
      AND ${entityType ? sql`entity_type = ${entityType}` : sql`true`}
    ORDER BY row_index ${direction}, ordinal ${direction}
    LIMIT ${limit}`);
  return rows;
}

/** How many findings a rule has in a batch. */
export interface FindingCount {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly count: number;
}

/** A batch's findings by rule and severity: errors first, then by number. */
export async function countFindings(pool: Pool, batchId: string): Promise<readonly FindingCount[]> {
  const { rows } = await pool.query<FindingCount>(sql`
    SELECT rule_id AS "ruleId", severity, count(*)::int AS count
    FROM finding WHERE batch_id = ${batchId}
    GROUP BY rule_id, severity
    ORDER BY severity, count DESC, rule_id`);
  return rows;
}

/** How many records of a batch have a status. */
export interface RecordCount {
  readonly status: RecordStatus;
  readonly count: number;
}

/** A batch's records by status; statuses that no record has are left out. */
export async function countRecords(pool: Pool, batchId: string): Promise<readonly RecordCount[]> {
  const { rows } = await pool.query<RecordCount>(sql`
    WITH kept AS (
      SELECT status, count(*)::int AS count FROM staged_record_state
      WHERE batch_id = ${batchId} GROUP BY status
    ), found AS (
      SELECT row_index, bool_or(decision = 'OPEN') AS any_open FROM finding f
      WHERE batch_id = ${batchId} AND NOT EXISTS (
        SELECT FROM staged_record_state s WHERE s.batch_id = f.batch_id AND s.row_index = f.row_index)
      GROUP BY row_index
    ), processed AS (
      SELECT coalesce(sum(checked_count + skipped_count), 0)::int AS count FROM staged_batch_step
      WHERE batch_id = ${batchId} AND kind = 'PROCESS_RANGE'
    ), counted AS (
      SELECT status, count FROM kept
      UNION ALL
      SELECT CASE WHEN any_open THEN 'NEEDS_REVIEW' ELSE 'DECIDED' END::record_status, count(*)::int
      FROM found GROUP BY 1
      UNION ALL
      SELECT 'PENDING', b.record_count - p.count FROM staged_batch b, processed p
      WHERE b.id = ${batchId}
      UNION ALL
      SELECT 'PASSED', p.count - (SELECT coalesce(sum(count), 0) FROM kept) - (SELECT count(*) FROM found)
      FROM processed p
    )
    SELECT status, sum(count)::int AS count FROM counted
    GROUP BY status HAVING sum(count) > 0 ORDER BY status`);
  return rows;
}
