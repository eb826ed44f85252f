import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
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
    SELECT f.batch_id AS "batchId", f.row_index AS "rowIndex", ordinal, rule_id AS "ruleId",
           rule_version AS "ruleVersion", f.entity_type AS "entityType", f.entity_id AS "entityId",
           entity_version AS "entityVersion", r.raw_data->>'externalId' AS "rowExternalId", severity, field, message,
           current_value AS "currentValue", suggested_value AS "suggestedValue",
           related_entity_ids AS "relatedEntityIds", related_count AS "relatedCount", decision
    FROM finding f
    JOIN staged_record r ON r.batch_id = f.batch_id AND r.row_index = f.row_index
    WHERE f.batch_id = ${batchId}
      AND ${after ? sql`(f.row_index, ordinal) > (${after.rowIndex}, ${after.ordinal})` : sql`true`}
      AND ${before ? sql`(f.row_index, ordinal) < (${before.rowIndex}, ${before.ordinal})` : sql`true`}
      AND ${severity ? sql`severity = ${severity}` : sql`true`}
      AND ${ruleId ? sql`rule_id = ${ruleId}` : sql`true`}
      AND ${entityType ? sql`f.entity_type = ${entityType}` : sql`true`}
    ORDER BY f.row_index ${direction}, ordinal ${direction}
    LIMIT ${limit}`);
  return rows;
}
