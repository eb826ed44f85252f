import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { EntityType, FieldsByType } from '../rules/entities.ts';
import { ENTITY_TABLES, fieldsAsJson } from './entityTables.ts';

/** The production entity that an imported row matches. */
export interface MatchedEntity<T extends EntityType> {
  readonly id: string;
  readonly version: number;
  readonly entity: FieldsByType[T];
}

/** What the rows of an import match. */
export interface Matches<T extends EntityType> {
  /** The entities, by row. */
  readonly entities: ReadonlyMap<number, MatchedEntity<T>>;
  /** Rows of which somebody has said that they are new. */
  readonly chosenAsNew: ReadonlySet<number>;
}

interface Import {
  readonly batchId: string;
  readonly workspaceId: string;
}

/**
 * The entities that rows of an import match, as they are now. Whether one may still be changed is for
 * the promotion to say.
 */
export async function loadMatchedEntities<T extends EntityType>(
  client: ClientBase,
  entityType: T,
  { batchId, workspaceId }: Import,
  rowIndexes: readonly number[],
): Promise<Matches<T>> {
  if (rowIndexes.length === 0) return { entities: new Map(), chosenAsNew: new Set() };
  const { rows } = await client.query<{ rowIndex: number; id: string | null }>(sql`
    SELECT row_index AS "rowIndex", matched_id AS id FROM staged_record_state
    WHERE batch_id = ${batchId} AND row_index = ANY(${rowIndexes}::int[])
      AND (matched_id IS NOT NULL OR match_kind = 'NEW')`);
  const chosenAsNew = new Set(rows.filter(({ id }) => id === null).map((row) => row.rowIndex));
  const ids = rows.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return { entities: new Map(), chosenAsNew };
  const { rows: found } = await client.query<MatchedEntity<T>>(sql`
    SELECT id, version, ${raw(fieldsAsJson(entityType, 'e'))} AS entity
    FROM ${raw(ENTITY_TABLES[entityType])} e
    WHERE id = ANY(${ids}::uuid[]) AND workspace_id = ${workspaceId}`);
  const byId = new Map(found.map((entity) => [entity.id, entity]));
  const entities = rows.flatMap(({ rowIndex, id }) => {
    const entity = id === null ? undefined : byId.get(id);
    return entity === undefined ? [] : [[rowIndex, entity] as const];
  });
  return { entities: new Map(entities), chosenAsNew };
}
