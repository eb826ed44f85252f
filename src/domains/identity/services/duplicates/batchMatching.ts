import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { duplicateRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { MatchingDetails } from './matchingDetails.ts';

/** What an audit's search for duplicates of one type compared. */
export interface BatchMatching extends MatchingDetails {
  readonly batchId: string;
  readonly entityType: EntityType;
}

/** What the searches of batches compared, in the order of the entity types; nothing before they are done. */
export async function readBatchMatching(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly BatchMatching[]> {
  const { rows } = await pool.query<{ batchId: string; ruleId: string; details: MatchingDetails }>(
    sql`
      SELECT batch_id AS "batchId", rule_id AS "ruleId", details FROM staged_batch_step
      WHERE batch_id = ANY(${batchIds}::uuid[]) AND kind = 'WORKSPACE_RULE' AND details IS NOT NULL
      ORDER BY batch_id, step_index`,
  );
  return rows.flatMap(({ batchId, ruleId, details }) => {
    const rule = duplicateRules.find(({ id }) => id === ruleId);
    return rule === undefined ? [] : [{ ...details, batchId, entityType: rule.entityType }];
  });
}
