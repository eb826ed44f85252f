import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { RuleContext } from '../../rules/rule.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import { checkRecord, copyFindings, type OnRuleFailure } from './findings.ts';
import { copyRecordStates } from './recordStates.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** Checks the records of a range and keeps what the record rules find. */
export async function processRange(
  client: ClientBase,
  batch: StagedBatch,
  { firstRow, endRow }: OpenStep,
  logger: Logger,
): Promise<StepResult> {
  const profile = profileByName(batch.profile);
  const { id: batchId, workspaceId } = batch;
  const loaded = await profile.loadRange(client, { batchId, workspaceId, firstRow, endRow });
  const context = await ruleContext(client, workspaceId);
  const onFailure = logRuleFailure(logger, batchId);
  const findings = profile.checksRecords
    ? loaded.records.flatMap((record) => checkRecord(batchId, record, context, onFailure))
    : [];
  await copyFindings(client, findings);
  const invalid = loaded.unreadable.map(({ rowIndex, reason }) => ({
    rowIndex,
    status: 'INVALID' as const,
    reason,
    entityId: null,
  }));
  await copyRecordStates(client, batchId, invalid);
  return {
    checkedCount: loaded.records.length,
    skippedCount: loaded.unreadable.length,
    findingCount: findings.length,
  };
}

/** Log lines carry ids, never the data that a rule failed on. */
export function logRuleFailure(logger: Logger, batchId: string): OnRuleFailure {
  return (ruleId, { rowIndex, entityId }, error) =>
    logger.error({ err: error, batchId, ruleId, rowIndex, entityId }, 'rule failed');
}

/** What the rules of a workspace need to know beside the record. */
export async function ruleContext(client: ClientBase, workspaceId: string): Promise<RuleContext> {
  const { rows } = await client.query<{ defaultCountry: string | null }>(sql`
    SELECT default_country AS "defaultCountry" FROM workspace WHERE id = ${workspaceId}`);
  return { defaultCountry: rows[0]?.defaultCountry ?? null };
}
