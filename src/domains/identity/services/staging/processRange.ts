import type { ClientBase } from 'pg';
import { placeOf } from '../../../../platform/errorForLog.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { EncodedRows } from '../../../../platform/postgres/copy.ts';
import { profileByName } from '../../profiles/registry.ts';
import { resolveReferences } from '../imports/references/resolveReferences.ts';
import { applyWaivers } from '../review/waivers.ts';
import { batchRules } from './batchRules.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import { checkRecords, copyFindings, type OnRuleFailure } from './findings.ts';
import { forgetMatches, keepUnchanged, matchImported } from './matchImported.ts';
import { changedRows, RangeCounts } from './rangeCounts.ts';
import { copyRecordStates, type RecordState } from './recordStates.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** Checks the records of a range and keeps what the record rules find. */
export async function processRange(
  client: ClientBase,
  batch: StagedBatch,
  { firstRow, endRow }: OpenStep,
  logger: Logger,
): Promise<StepResult> {
  const counts = new RangeCounts();
  const rowIndexes = await changedRows(client, batch, { firstRow, endRow }, counts);
  if (rowIndexes?.length === 0) return rangeResult(counts, 0);
  const profile = profileByName(batch.profile);
  const { id: batchId, workspaceId } = batch;
  const { context, recordRules } = await batchRules(client, batch);
  if (profile.kind === 'import') await matchImported(client, batch, { firstRow, endRow }, context);
  const references = await resolveReferences(client, batch, { firstRow, endRow });
  const onFailure = logRuleFailure(logger, batchId);
  const check = { batchId, context, recordRules, onFailure, references };
  const findings = new EncodedRows();
  const invalid: RecordState[] = [];
  const unchanged: number[] = [];
  const range = { batchId, workspaceId, firstRow, endRow, references };
  const pages = profile.loadRange(client, rowIndexes ? { ...range, rowIndexes } : range);
  for await (const page of pages) {
    const checkedCount = profile.checksRecords
      ? checkRecords(page, check, findings)
      : [...page.records].length;
    counts.addPage(page, checkedCount);
    counts.add(page.entityType, { unchanged: page.unchanged?.length ?? 0 });
    for (const rowIndex of page.unchanged ?? []) unchanged.push(rowIndex);
    for (const { rowIndex, reason } of page.unreadable) {
      invalid.push({ rowIndex, status: 'INVALID', reason, entityId: null });
    }
  }
  if (counts.total('checked') + invalid.length + counts.total('unchanged') !== endRow - firstRow) {
    throw new Error(`Rows are missing between ${firstRow} and ${endRow} of batch ${batchId}.`);
  }
  await copyFindings(client, findings);
  if (findings.length > 0) await applyWaivers(client, batch, firstRow, endRow);
  if (profile.kind === 'import') {
    await forgetMatches(client, batchId, invalid);
    await keepUnchanged(client, batchId, unchanged);
  }
  await copyRecordStates(client, batchId, invalid);
  return rangeResult(counts, findings.length);
}

function rangeResult(counts: RangeCounts, findingCount: number): StepResult {
  return {
    checkedCount: counts.total('checked'),
    skippedCount: counts.total('gone') + counts.total('unreadable'),
    unchangedCount: counts.total('unchanged'),
    findingCount,
    details: counts.details(),
  };
}

/** Log lines carry ids, never the data that a rule failed on. */
export function logRuleFailure(logger: Logger, batchId: string): OnRuleFailure {
  return (ruleId, { rowIndex, entityId }, error) =>
    logger.error({ error: placeOf(error), batchId, ruleId, rowIndex, entityId }, 'rule failed');
}
