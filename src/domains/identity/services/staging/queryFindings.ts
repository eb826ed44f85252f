import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { AnyQueryRule } from '../../rules/catalogue.ts';
import type { RuleContext } from '../../rules/rule.ts';
import { applyWaivers } from '../review/waivers.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import { NAMED_DUPLICATES } from './duplicateFindings.ts';
import type { FindingTable } from './findings.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** Runs a rule that PostgreSQL answers over all entities of an audit. */
export async function queryFindings(
  client: ClientBase,
  batch: StagedBatch,
  rule: AnyQueryRule,
  context: RuleContext,
  ordinal: number,
  { endRow }: OpenStep,
): Promise<StepResult> {
  const findingCount = await insertQueryFindings(client, batch, rule, context, ordinal, 'finding');
  if (findingCount > 0) await applyWaivers(client, batch, 0, endRow, rule.id);
  return { checkedCount: endRow, skippedCount: 0, findingCount };
}

/** @returns how many findings there are */
export async function insertQueryFindings(
  client: ClientBase,
  batch: StagedBatch,
  rule: AnyQueryRule,
  context: RuleContext,
  ordinal: number,
  into: FindingTable,
): Promise<number> {
  // The planner takes a fresh batch for an empty one, and would look up each row of it on its own.
  await client.query('SET LOCAL enable_nestloop = off');
  const { rowCount } = await client.query(sql`
    WITH found AS MATERIALIZED (${rule.select(batch.workspaceId, context)})
    INSERT INTO ${raw(into)} (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
      entity_version, severity, field, message, current_value, suggested_value,
      suggestion_certainty, related_entity_ids, related_count)
    SELECT r.batch_id, r.row_index, ${ordinal}, ${rule.id}, ${rule.version},
           ${rule.entityType}::entity_type, f.entity_id, f.entity_version,
           ${rule.severity}::severity, f.field, f.message, f.current_value, f.suggested_value,
           CASE WHEN f.suggested_value IS NOT NULL
                THEN coalesce(f.certainty, 'CERTAIN')::suggestion_certainty END,
           f.related_entity_ids[1:${NAMED_DUPLICATES}], cardinality(f.related_entity_ids)
    FROM found f JOIN staged_record r ON r.entity_id = f.entity_id
    WHERE r.batch_id = ${batch.id} AND r.entity_type = ${rule.entityType}::entity_type`);
  await client.query('SET LOCAL enable_nestloop = on');
  return rowCount ?? 0;
}
