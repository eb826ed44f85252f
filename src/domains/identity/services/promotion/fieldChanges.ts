import type { ClientBase } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import { erasedReason } from '../erasure/erasedReason.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Rows } from './applyBisecting.ts';
import { isChangedSince } from './changedSince.ts';
import { isWithin } from './chosenRecords.ts';
import { anyChangedEntity } from './plannedChanges.ts';

interface WantedColumn {
  readonly field: string;
  readonly column: Sql;
  /** The value that the column is to have, as its type. */
  readonly value: Sql;
}

function wantedColumns(entityType: EntityType, fields: readonly string[]): WantedColumn[] {
  return entityColumns(entityType)
    .filter(({ field }) => fields.includes(field))
    .map(({ field, column, type }) => ({
      field,
      column: raw(`e.${column}`),
      value: sql`CASE WHEN w.wanted ? ${field}::text
        THEN nullif(w.wanted->>${field}::text, '')::${raw(type)} ELSE e.${raw(column)} END`,
    }));
}

/** The fields whose values change, each with what `side` says of it; like a row of `entity_change`. */
function changed(columns: readonly WantedColumn[], side: (column: WantedColumn) => Sql): Sql {
  const parts = columns.map(
    (column) => sql`CASE WHEN ${column.value} IS DISTINCT FROM ${column.column}
      THEN jsonb_build_object(${column.field}::text, ${side(column)}) ELSE '{}' END`,
  );
  return parts.length === 0 ? sql`'{}'::jsonb` : sql`(${join(parts, ' || ')})`;
}

/** The values that fields of entities of one type are to have, by the records of a range. */
export interface WantedChanges {
  readonly batch: StagedBatch;
  readonly rows: Rows;
  readonly entityType: EntityType;
  /** The fields that the values are for. */
  readonly fields: readonly string[];
  /**
   * SELECT of row_index, entity_id, entity_version (that was looked at, where the record's state has
   * none) and wanted (values as texts by field, an empty one for none at all).
   */
  readonly wanted: Sql;
  /** SELECT of the ids of these entities, which are locked. */
  readonly entityIds: Sql;
}

/**
 * Decides on each record. An entity that was changed since is left alone, unless it came to have the
 * wanted values; the version that later changes build on then stays what it was.
 */
export async function planFieldChanges(
  client: ClientBase,
  { batch, rows, entityType, fields, wanted, entityIds }: WantedChanges,
): Promise<void> {
  const columns = wantedColumns(entityType, fields);
  const known = columns.map(({ field }) => field);
  const isChanged = isChangedSince(batch, entityType);
  await client.query('TRUNCATE planned_change');
  await client.query(sql`
    INSERT INTO planned_change
    SELECT p.row_index, p.entity_id, p.base_version, p.version,
           CASE WHEN p.unknown <> '{}' THEN 'FAILED'
                WHEN p.state IS DISTINCT FROM 'ACTIVE' THEN 'CONFLICT'
                WHEN p.after = '{}' THEN 'SAME'
                WHEN ${isChanged} THEN 'CONFLICT'
                ELSE 'CHANGED' END,
           CASE WHEN p.unknown <> '{}' THEN format('A %s has no such field: %s.',
                  ${entityType}::text, (SELECT string_agg(k, ', ') FROM jsonb_object_keys(p.unknown) k))
                WHEN p.state IS NULL THEN format('The %s is gone.', ${entityType}::text)
                WHEN p.erased_at IS NOT NULL THEN ${erasedReason(sql`p.erased_at`)}
                WHEN p.state = 'ARCHIVED'
                  THEN format('The %s has been archived since it was looked at.', ${entityType}::text)
                WHEN p.state = 'MERGED'
                  THEN format('The %s has been merged into %s since it was looked at.',
                    ${entityType}::text, p.merged_into_id)
                WHEN p.after <> '{}' AND ${isChanged}
                  THEN format('The %s has been changed since it was looked at: that was version %s, now it is version %s.',
                    ${entityType}::text, p.base_version, p.version) END,
           p.before, p.after
    FROM (
      SELECT w.row_index, w.entity_id, e.version, e.state, e.merged_into_id,
             ${raw(entityType === 'contact' ? 'e.erased_at' : 'NULL::timestamptz')} AS erased_at,
             w.wanted - ${known}::text[] AS unknown,
             -- An entity that was made of its record had version 1 then.
             coalesce(s.base_version, w.entity_version, 1) AS base_version,
             ${changed(columns, ({ column }) => column)} AS before,
             ${changed(columns, ({ value }) => value)} AS after
      FROM (${wanted}) w
      LEFT JOIN staged_record_state s ON s.batch_id = ${batch.id} AND s.row_index = w.row_index
        ${isWithin(sql`s.row_index`, rows)}
      LEFT JOIN (
        SELECT * FROM ${raw(ENTITY_TABLES[entityType])}
        WHERE id = ANY (ARRAY (${entityIds}))
          AND workspace_id = ${batch.workspaceId}
      ) e ON e.id = w.entity_id
    ) p`);
}

/** Changes the entities as planned. */
export async function changeEntities(
  client: ClientBase,
  entityType: EntityType,
  fields: readonly string[],
): Promise<void> {
  const columns = entityColumns(entityType).filter(({ field }) => fields.includes(field));
  if (columns.length === 0) return;
  const assignments = columns.map(
    ({ field, column, type }) => sql`${raw(column)} = CASE WHEN p.after ? ${field}::text
      THEN (p.after->>${field}::text)::${raw(type)} ELSE e.${raw(column)} END`,
  );
  await client.query(sql`
    UPDATE ${raw(ENTITY_TABLES[entityType])} e SET ${join(assignments)}
    FROM planned_change p
    WHERE p.outcome = 'CHANGED' AND e.id = p.entity_id AND e.id = ${anyChangedEntity}`);
}
