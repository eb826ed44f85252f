import type { ClientBase } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { RuleContext } from '../../rules/rule.ts';
import { type ImportedRows, isAmong, typesAmong } from '../imports/matching/importedRows.ts';
import { matchByKeys } from '../imports/matching/matchByKeys.ts';
import { CANDIDATE_REASONS, MOST_CANDIDATES } from '../imports/matching/matchCandidate.ts';
import { isInProduction } from '../promotion/acceptedFindings.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { batchRules } from './batchRules.ts';
import { RANGE_ROWS } from './batchSteps.ts';
import type { StagedBatch } from './stagedBatch.ts';

type Batch = Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>;

/**
 * Finds out which rows of an import update an entity: by the id that they name, by the external id
 * that exactly one active entity of their type has, or by what else identifies it. Each is kept with
 * the version that the entity has now, on which the update builds. Of several rows that match the same
 * entity, the first one that is promoted raises that version, so that the others are conflicts rather
 * than overwrite it. Where several entities may be meant, they are kept for people to choose.
 */
export async function matchImported(
  client: ClientBase,
  batch: Batch,
  rows: ImportedRows,
  context: RuleContext,
): Promise<void> {
  const profile = profileByName(batch.profile);
  if (profile.kind !== 'import' || !profile.matchesEntities) return;
  await withoutNestedLoops(client, async () => {
    for (const entityType of await typesAmong(client, batch.id, rows)) {
      await matchById(client, batch, rows, entityType);
      await matchByExternalId(client, batch, rows, entityType);
      await matchByKeys(client, batch, rows, entityType, context);
    }
  });
}

/**
 * Matches records anew that were reopened: the entity that one had matched may be archived or merged
 * by now, and another may have come to have its external id. What was a choice is one again.
 */
export async function matchReopened(
  client: ClientBase,
  batch: Batch,
  rowIndexes: readonly number[],
): Promise<void> {
  if (profileByName(batch.profile).kind !== 'import') return;
  const { context } = await batchRules(client, batch);
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    UPDATE staged_record_state s
    SET entity_id = NULL, matched_id = NULL, base_version = NULL, match_kind = NULL, match_by = NULL
    WHERE s.batch_id = ${batch.id} AND s.row_index = ANY (${rowIndexes}::int[])
      AND NOT ${isInProduction(sql`s.batch_id`, sql`s.row_index`)}
    RETURNING s.row_index AS "rowIndex"`);
  const reopened = rows.map(({ rowIndex }) => rowIndex);
  for (let first = 0; first < reopened.length; first += RANGE_ROWS) {
    const part = { rowIndexes: reopened.slice(first, first + RANGE_ROWS) };
    await matchImported(client, batch, part, context);
  }
  await client.query(sql`
    UPDATE staged_record_state s
    SET match_kind = 'AMBIGUOUS',
        match_by = CASE WHEN candidates->0->'explanation' = 'null' THEN 'STRONG_KEY'
                        ELSE 'PROBABILITY' END::match_by
    WHERE s.batch_id = ${batch.id} AND s.row_index = ANY (${reopened}::int[])
      AND s.match_kind IS NULL AND s.candidates IS NOT NULL`);
}

/** As `id` in a row's data is read. */
const namedId = sql`btrim(r.raw_data->>'id')`;
const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** A row with an id is about that entity and no other; where there is none, it can't be looked at. */
async function matchById(
  client: ClientBase,
  { id, workspaceId }: Batch,
  rows: ImportedRows,
  entityType: EntityType,
): Promise<void> {
  const named = sql`
    SELECT r.row_index, ${namedId}::uuid AS id FROM staged_record r
    WHERE r.batch_id = ${id} AND ${isAmong(sql`r`, rows)}
      AND r.entity_type = ${entityType}::entity_type AND ${namedId} ~ ${UUID}`;
  await client.query(sql`
    INSERT INTO staged_record_state
      (batch_id, row_index, matched_id, base_version, match_kind, match_by)
    SELECT ${id}::uuid, r.row_index, e.id, e.version, 'UPDATE', 'ID'
    FROM (${named}) r
    JOIN (
      SELECT id, version FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
        AND id = ANY (ARRAY (SELECT id FROM (${named}) r))
    ) e ON e.id = r.id
    ORDER BY r.row_index
    ${asMatched}`);
}

/** The indexes on workspace and external id narrow the entities to those that rows name. */
async function matchByExternalId(
  client: ClientBase,
  { id, workspaceId }: Batch,
  rows: ImportedRows,
  entityType: EntityType,
): Promise<void> {
  const named = sql`
    SELECT r.row_index, r.raw_data->>'externalId' AS external_id FROM staged_record r
    WHERE r.batch_id = ${id} AND ${isAmong(sql`r`, rows)}
      AND r.entity_type = ${entityType}::entity_type
      AND r.raw_data->>'externalId' ~ '\\S' AND (r.raw_data->>'id' ~ '\\S') IS NOT TRUE`;
  const candidate = sql`jsonb_build_object('entityId', entity_id,
    'reason', ${CANDIDATE_REASONS.severalExternalIds}::text, 'explanation', NULL)`;
  await client.query(sql`
    INSERT INTO staged_record_state
      (batch_id, row_index, matched_id, base_version, match_kind, match_by, candidates)
    SELECT ${id}::uuid, r.row_index,
           CASE WHEN e.is_one THEN e.ids[1] END, CASE WHEN e.is_one THEN e.version END,
           CASE WHEN e.is_one THEN 'UPDATE' ELSE 'AMBIGUOUS' END::match_kind, 'EXTERNAL_ID',
           CASE WHEN NOT e.is_one THEN (
             SELECT jsonb_agg(${candidate}) FROM unnest(e.ids) AS entity_id) END
    FROM (${named}) r
    JOIN (
      SELECT external_id, (array_agg(id ORDER BY id))[1:${MOST_CANDIDATES}] AS ids,
             max(version) AS version, count(*) = 1 AS is_one
      FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
        AND external_id = ANY (ARRAY (SELECT external_id FROM (${named}) r))
      GROUP BY external_id
    ) e ON e.external_id = r.external_id
    ORDER BY r.row_index
    ${asMatched}`);
}

const asMatched: Sql = sql`
  ON CONFLICT (batch_id, row_index) DO UPDATE
    SET matched_id = excluded.matched_id, base_version = excluded.base_version,
        match_kind = excluded.match_kind, match_by = excluded.match_by,
        candidates = excluded.candidates`;

/** Keeps of rows that they would change nothing of the entities that they match. */
export async function keepUnchanged(
  client: ClientBase,
  batchId: string,
  rowIndexes: readonly number[],
): Promise<void> {
  if (rowIndexes.length === 0) return;
  await client.query(sql`
    UPDATE staged_record_state SET match_kind = 'UNCHANGED'
    WHERE batch_id = ${batchId} AND row_index = ANY (${rowIndexes}::int[])`);
}

/** Leaves nothing of rows that turned out to be unreadable: they update nothing. */
export async function forgetMatches(
  client: ClientBase,
  batchId: string,
  records: readonly { readonly rowIndex: number }[],
): Promise<void> {
  if (records.length === 0) return;
  await client.query(sql`
    DELETE FROM staged_record_state
    WHERE batch_id = ${batchId} AND row_index = ANY (${records.map(({ rowIndex }) => rowIndex)}::int[])`);
}
