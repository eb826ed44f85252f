import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
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
