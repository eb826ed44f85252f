import type { ClientBase } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { isInProduction } from '../promotion/acceptedFindings.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from './stagedBatch.ts';

type ImportedRows =
  | { readonly firstRow: number; readonly endRow: number }
  | { readonly rowIndexes: readonly number[] };

/**
 * Finds out which rows of an import update an entity: those whose external id exactly one active
 * entity of their type has. Each is kept with the version that the entity has now, on which the
 * update builds. Of several rows with the same external id, the first one that is promoted raises
 * that version, so that the others are conflicts rather than overwrite it.
 */
export async function matchImported(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>,
  rows: ImportedRows,
): Promise<void> {
  const profile = profileByName(batch.profile);
  if (profile.kind !== 'import' || !profile.matchesEntities) return;
  const entityTypes = profile.entityType === null ? ENTITY_TYPES : [profile.entityType];
  await withoutNestedLoops(client, async () => {
    for (const entityType of entityTypes) await matchType(client, batch, rows, entityType);
  });
}

/**
 * Matches records anew that were reopened: the entity that one had matched may be archived or merged
 * by now, and another may have come to have its external id.
 */
export async function matchReopened(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>,
  rowIndexes: readonly number[],
): Promise<void> {
  if (profileByName(batch.profile).kind !== 'import') return;
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    UPDATE staged_record_state s SET entity_id = NULL, matched_id = NULL, base_version = NULL
    WHERE s.batch_id = ${batch.id} AND s.row_index = ANY (${rowIndexes}::int[])
      AND NOT ${isInProduction(sql`s.batch_id`, sql`s.row_index`)}
    RETURNING s.row_index AS "rowIndex"`);
  await matchImported(client, batch, { rowIndexes: rows.map(({ rowIndex }) => rowIndex) });
}

/** The indexes on workspace and external id narrow the entities to those that rows name. */
async function matchType(
  client: ClientBase,
  { id, workspaceId }: Pick<StagedBatch, 'id' | 'workspaceId'>,
  rows: ImportedRows,
  entityType: EntityType,
): Promise<void> {
  const named = sql`
    SELECT row_index, raw_data->>'externalId' AS external_id FROM staged_record
    WHERE batch_id = ${id} AND ${isAmong(rows)} AND entity_type = ${entityType}
      AND raw_data->>'externalId' ~ '\\S'`;
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, matched_id, base_version)
    SELECT ${id}::uuid, r.row_index, e.id, e.version
    FROM (${named}) r
    JOIN (
      SELECT external_id, (array_agg(id))[1] AS id, max(version) AS version
      FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
        AND external_id = ANY (ARRAY (SELECT external_id FROM (${named}) r))
      GROUP BY external_id HAVING count(*) = 1
    ) e ON e.external_id = r.external_id
    ORDER BY r.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE
      SET matched_id = excluded.matched_id, base_version = excluded.base_version`);
}

function isAmong(rows: ImportedRows): Sql {
  return 'rowIndexes' in rows
    ? sql`row_index = ANY (${rows.rowIndexes}::int[])`
    : sql`row_index >= ${rows.firstRow} AND row_index < ${rows.endRow}`;
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
