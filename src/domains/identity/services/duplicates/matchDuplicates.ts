import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { copyRows, EncodedRows } from '../../../../platform/postgres/copy.ts';
import { applyWaivers } from '../review/waivers.ts';
import type { OpenStep, StepResult } from '../staging/batchSteps.ts';
import { logRuleFailure } from '../staging/processRange.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { DuplicateSearch, MatchRule } from './duplicateSearch.ts';
import { keepMatchModel } from './matchModels.ts';
import { runMatchingProcess } from './runMatchingProcess.ts';
import { type DuplicatesFound, duplicateFindings, searchDuplicates } from './searchDuplicates.ts';

/**
 * Up to so many records of a type are compared inside the worker, which does nothing else meanwhile:
 * measured, half a second. More of them get a process of their own, so that the worker can go
 * on renewing the locks of its jobs, and stays small.
 */
export const IN_PROCESS_RECORDS = 1_000;

/** What a search needs to know of where it runs. */
export interface MatchingEnvironment {
  readonly logger: Logger;
  /** Of the database, for a process of its own. */
  readonly connectionString: string;
  /** Aborted when the worker is told to stop. */
  readonly stopping: AbortSignal;
  readonly inProcessRecords: number;
}

/** Finds the records of an audit that are the same, exactly or probably; keeps the model where it learnt one. */
export async function matchDuplicates(
  client: ClientBase,
  batch: StagedBatch,
  rule: MatchRule,
  ordinal: number,
  { endRow }: OpenStep,
  environment: MatchingEnvironment,
): Promise<StepResult> {
  const { id: batchId, workspaceId } = batch;
  const search = { batchId, workspaceId, ruleId: rule.id, ordinal, endRow };
  const found = await insertMatchFindings(client, batch, rule, search, environment);
  const { findingCount, model, details } = found;
  if (model !== null) await keepMatchModel(client, batch, model);
  if (findingCount > 0) await applyWaivers(client, batch, 0, endRow, rule.id);
  return { checkedCount: endRow, skippedCount: 0, findingCount, details };
}

/** Searches where the number of records says. */
export async function insertMatchFindings(
  client: ClientBase,
  batch: StagedBatch,
  rule: MatchRule,
  search: DuplicateSearch,
  environment: MatchingEnvironment,
): Promise<DuplicatesFound> {
  const count = await countRecords(client, search, rule);
  if (count <= environment.inProcessRecords) return searchInProcess(client, search, environment);
  const { details, ...found } = await runMatchingProcess(client, batch, search, environment);
  if (details === null) throw new Error(`Nothing is told of what ${rule.id} compared.`);
  return { ...found, details };
}

async function countRecords(
  client: ClientBase,
  { batchId }: DuplicateSearch,
  { entityType }: MatchRule,
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM staged_record
    WHERE batch_id = ${batchId} AND entity_type = ${entityType}::entity_type`);
  return rows[0]?.count ?? 0;
}

async function searchInProcess(
  client: ClientBase,
  search: DuplicateSearch,
  { logger }: MatchingEnvironment,
): Promise<DuplicatesFound> {
  // The connection reads until the last finding is made: none can be copied in before.
  const rows = new EncodedRows();
  const onFailure = logRuleFailure(logger, search.batchId);
  const found = await searchDuplicates(client, search, onFailure, (row) => rows.push(row));
  await copyRows(client, duplicateFindings(search), rows);
  return found;
}
