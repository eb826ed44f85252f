import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { copyRows, EncodedRows } from '../../../../../platform/postgres/copy.ts';
import { ENTITY_TABLES } from '../../../profiles/entityTables.ts';
import { MATCHING_PROFILES } from '../../../profiles/registry.ts';
import { duplicateRules } from '../../../rules/catalogue.ts';
import {
  type DuplicateSearch,
  isMatchRule,
  type MatchRule,
  matchRuleOf,
} from '../../duplicates/duplicateSearch.ts';
import type { MatchingEnvironment } from '../../duplicates/matchDuplicates.ts';
import { runMatchingProcess } from '../../duplicates/runMatchingProcess.ts';
import { PROBABLE_MATCHES, searchIncoming } from '../../duplicates/searchIncoming.ts';
import { withoutNestedLoops } from '../../promotion/withoutNestedLoops.ts';
import { batchRules } from '../../staging/batchRules.ts';
import { insertSteps, type OpenStep, type StepResult } from '../../staging/batchSteps.ts';
import type { StagedBatch } from '../../staging/stagedBatch.ts';
import { CANDIDATE_REASONS } from './matchCandidate.ts';

/**
 * Goes on from the ranges of an import to comparing the rows that match nothing so far with all
 * entities of their type.
 *
 * @returns the attempt in which that is done; null where there is nothing to compare, or it is done
 */
export async function beginProbableMatching(
  client: ClientBase,
  batch: StagedBatch,
): Promise<Pick<StagedBatch, 'id' | 'attempt'> | null> {
  if (!MATCHING_PROFILES.includes(batch.profile)) return null;
  const { rows: before } = await client.query(sql`
    SELECT FROM staged_batch_step WHERE batch_id = ${batch.id} AND kind = 'MATCH_PROBABLE' LIMIT 1`);
  if (before.length > 0) return null;
  const { workspaceRule } = await batchRules(client, batch);
  const rules: MatchRule[] = [];
  for (const { id } of duplicateRules) {
    const rule = workspaceRule(id);
    if (rule?.kind !== 'duplicate' || !isMatchRule(rule)) continue;
    if (await isAnythingToCompare(client, batch, rule)) rules.push(rule);
  }
  if (rules.length === 0) return null;
  const steps = rules.map(({ id }, stepIndex) => ({
    ...{ kind: 'MATCH_PROBABLE' as const, stepIndex, ruleId: id },
    ...{ firstRow: 0, endRow: batch.recordCount },
  }));
  await insertSteps(client, batch.id, steps);
  const { rows } = await client.query<{ id: string; attempt: number }>(sql`
    UPDATE staged_batch SET attempt = attempt + 1, updated_at = now()
    WHERE id = ${batch.id} RETURNING id, attempt`);
  return rows[0] ?? null;
}

/** Counted, as looking for one row would read all where there is none. */
async function isAnythingToCompare(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
  { entityType }: MatchRule,
): Promise<boolean> {
  const { rows } = await withoutNestedLoops(client, () =>
    client.query<{ any: boolean }>(sql`
      SELECT EXISTS (
        SELECT FROM ${raw(ENTITY_TABLES[entityType])}
        WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
      ) AND EXISTS (
        SELECT FROM staged_record r
        LEFT JOIN staged_record_state s ON s.batch_id = r.batch_id AND s.row_index = r.row_index
          AND s.batch_id = ${id}
        WHERE r.batch_id = ${id} AND r.entity_type = ${entityType}::entity_type
          AND s.row_index IS NULL
      ) AS any`),
  );
  return rows[0]?.any ?? false;
}

/**
 * Compares the rows of one type that match nothing so far with all entities, by the duplicate engine.
 * What a row probably is, is for people to say: it is AMBIGUOUS, be it one entity or several.
 */
export async function matchProbable(
  client: ClientBase,
  batch: StagedBatch,
  { ruleId, endRow }: OpenStep,
  environment: MatchingEnvironment,
): Promise<StepResult> {
  const rules = await batchRules(client, batch);
  const { id: batchId, workspaceId } = batch;
  const search = { batchId, workspaceId, ruleId, ordinal: 0, endRow, incoming: true } as const;
  const rule = matchRuleOf(search, rules);
  await client.query(`
    CREATE TEMPORARY TABLE probable_match (
      row_index int, position int, entity_id uuid, explanation jsonb
    ) ON COMMIT DROP`);
  if (await isSmall(client, batch, rule, environment.inProcessRecords)) {
    await searchInProcess(client, search);
  } else {
    await runMatchingProcess(client, batch, search, environment);
  }
  await withoutNestedLoops(client, () => keepCandidates(client, batch, rule));
  return { checkedCount: endRow, skippedCount: 0, findingCount: 0 };
}

/** Whether rows and entities together are few enough to be compared beside the worker's other jobs. */
async function isSmall(
  client: ClientBase,
  { workspaceId, recordCount }: StagedBatch,
  { entityType }: MatchRule,
  most: number,
): Promise<boolean> {
  if (recordCount >= most) return false;
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE' LIMIT ${most}) e`);
  return recordCount + (rows[0]?.count ?? 0) <= most;
}

async function searchInProcess(client: ClientBase, search: DuplicateSearch): Promise<void> {
  const rows = new EncodedRows();
  await searchIncoming(client, search, (row) => rows.push(row));
  await copyRows(client, PROBABLE_MATCHES, rows);
}

/** Two external ids that differ are of two entities, however alike these are. */
async function keepCandidates(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
  { entityType }: MatchRule,
): Promise<void> {
  const externalId = sql`nullif(btrim(r.raw_data->>'externalId'), '')`;
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, match_kind, match_by, candidates)
    SELECT ${id}::uuid, p.row_index, 'AMBIGUOUS', 'PROBABILITY',
           jsonb_agg(jsonb_build_object('entityId', p.entity_id,
             'reason', ${CANDIDATE_REASONS.probable}::text, 'explanation', p.explanation)
             ORDER BY p.position)
    FROM probable_match p
    JOIN staged_record r ON r.row_index = p.row_index AND r.batch_id = ${id}
      AND r.row_index = ANY (ARRAY (SELECT row_index FROM probable_match))
    JOIN (
      SELECT id, external_id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE id = ANY (ARRAY (SELECT entity_id FROM probable_match))
        AND workspace_id = ${workspaceId} AND state = 'ACTIVE'
    ) e ON e.id = p.entity_id
    WHERE ${externalId} IS NULL OR coalesce(btrim(e.external_id), '') IN ('', ${externalId})
    GROUP BY p.row_index ORDER BY p.row_index
    ON CONFLICT (batch_id, row_index) DO NOTHING`);
}
