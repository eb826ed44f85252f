import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { EncodedRows } from '../../../../platform/postgres/copy.ts';
import { profileByName } from '../../profiles/registry.ts';
import { resolveReferences } from '../imports/references/resolveReferences.ts';
import { applyWaivers } from '../review/waivers.ts';
import { batchRules } from './batchRules.ts';
import { checkRecords, copyFindings } from './findings.ts';
import { keepUnchanged } from './matchImported.ts';
import { logRuleFailure } from './processRange.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Judges rows of an import anew that match something else than before. Findings that somebody has
 * decided on stay; the others are made anew, and rows that say nothing new have none.
 *
 * @param rowIndexes - at least one
 */
export async function recheckRecords(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>,
  rowIndexes: readonly number[],
  logger: Logger,
): Promise<void> {
  const { id: batchId, workspaceId } = batch;
  const { context, recordRules } = await batchRules(client, batch);
  const references = await resolveReferences(client, batch, { rowIndexes });
  const onFailure = logRuleFailure(logger, batchId);
  const check = { batchId, context, recordRules, onFailure, references };
  const findings = new EncodedRows();
  const unchanged: number[] = [];
  const firstRow = Math.min(...rowIndexes);
  const endRow = Math.max(...rowIndexes) + 1;
  const range = { batchId, workspaceId, firstRow, endRow, rowIndexes, references };
  for await (const page of profileByName(batch.profile).loadRange(client, range)) {
    checkRecords(page, check, findings);
    unchanged.push(...(page.unchanged ?? []));
  }
  await client.query(`
    CREATE TEMPORARY TABLE rechecked_finding (LIKE finding INCLUDING DEFAULTS) ON COMMIT DROP`);
  await copyFindings(client, findings, 'rechecked_finding');
  await replaceUndecided(client, batchId, rowIndexes);
  await applyWaivers(client, batch, firstRow, endRow);
  await keepUnchanged(client, batchId, unchanged);
}

async function replaceUndecided(
  client: ClientBase,
  batchId: string,
  rowIndexes: readonly number[],
): Promise<void> {
  await client.query(sql`
    DELETE FROM finding
    WHERE batch_id = ${batchId} AND row_index = ANY (${rowIndexes}::int[]) AND version = 0`);
  await client.query(sql`
    UPDATE rechecked_finding n SET ordinal = n.ordinal + 1 + (
      SELECT max(f.ordinal) FROM finding f
      WHERE f.batch_id = ${batchId} AND f.row_index = n.row_index)
    WHERE EXISTS (
      SELECT FROM finding f WHERE f.batch_id = ${batchId} AND f.row_index = n.row_index)`);
  await client.query(sql`
    INSERT INTO finding SELECT n.* FROM rechecked_finding n
    WHERE NOT EXISTS (
      SELECT FROM finding f
      WHERE f.batch_id = ${batchId} AND f.row_index = n.row_index AND f.rule_id = n.rule_id
        AND f.field = n.field AND f.current_value IS NOT DISTINCT FROM n.current_value)
    ORDER BY n.row_index, n.ordinal`);
}
