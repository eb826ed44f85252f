import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import type { FindingDecision } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { type FindingState, isInState } from '../ledger/findingState.ts';
import { assertRuleExists } from '../review/knownRules.ts';
import { findingColumns } from './selectRecords.ts';
import type { Finding } from './stagedRecords.ts';

export interface FindingFilter {
  readonly severity?: Severity | null;
  readonly ruleId?: string | null;
  readonly entityType?: EntityType | null;
  readonly field?: string | null;
  readonly decision?: FindingDecision | null;
  readonly state?: FindingState | null;
}

/** Where a finding stands in its batch. */
export type FindingPosition = Pick<Finding, 'rowIndex' | 'ordinal'>;

/**
 * One page of a batch's findings, in the order of its records.
 *
 * @throws `BAD_USER_INPUT` for a rule that there is not
 */
export async function listFindings(
  pool: Pool,
  batchId: string,
  { severity, ruleId, entityType, field, decision, state }: FindingFilter,
  { after, before, limit, backwards }: KeysetPage<FindingPosition>,
): Promise<readonly Finding[]> {
  if (ruleId) assertRuleExists('filter.ruleId', ruleId);
  const direction = raw(backwards ? 'DESC' : 'ASC');
  const { rows } = await pool.query<Finding>(sql`
    SELECT ${findingColumns}
    FROM finding f
    JOIN staged_record r ON r.batch_id = f.batch_id AND r.row_index = f.row_index
    WHERE f.batch_id = ${batchId}
      AND ${after ? sql`(f.row_index, ordinal) > (${after.rowIndex}, ${after.ordinal})` : sql`true`}
      AND ${before ? sql`(f.row_index, ordinal) < (${before.rowIndex}, ${before.ordinal})` : sql`true`}
      AND ${severity ? sql`severity = ${severity}` : sql`true`}
      AND ${ruleId ? sql`rule_id = ${ruleId}` : sql`true`}
      AND ${entityType ? sql`f.entity_type = ${entityType}` : sql`true`}
      AND ${field ? sql`f.field = ${field}` : sql`true`}
      AND ${decision ? sql`f.decision = ${decision}` : sql`true`}
      AND ${state ? isInState(sql`f`, batchId, state) : sql`true`}
    ORDER BY f.row_index ${direction}, ordinal ${direction}
    LIMIT ${limit}`);
  return rows;
}
