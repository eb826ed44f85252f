import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { EntityType, FieldsByType } from '../rules/entities.ts';
import { ENTITY_TABLES, entityColumns } from './entityTables.ts';

/** The production entity that an imported row matches. */
export interface MatchedEntity<T extends EntityType> {
  readonly id: string;
  readonly version: number;
  readonly entity: FieldsByType[T];
}

interface Import {
  readonly batchId: string;
  readonly workspaceId: string;
}

/**
 * The entities that rows of an import match, as they are now, by row. Whether one may still be changed
 * is for the promotion to say.
 */
export async function loadMatchedEntities<T extends EntityType>(
  client: ClientBase,
  entityType: T,
  { batchId, workspaceId }: Import,
  rowIndexes: readonly number[],
): Promise<ReadonlyMap<number, MatchedEntity<T>>> {
  if (rowIndexes.length === 0) return new Map();
  const { rows: matches } = await client.query<{ rowIndex: number; id: string }>(sql`
    SELECT row_index AS "rowIndex", matched_id AS id FROM staged_record_state
    WHERE batch_id = ${batchId} AND row_index = ANY(${rowIndexes}::int[])
      AND matched_id IS NOT NULL`);
  if (matches.length === 0) return new Map();
  // As JSON, every value comes as rules see it.
  const fields = entityColumns(entityType).map(({ field, column }) => `'${field}', ${column}`);
  const { rows: entities } = await client.query<MatchedEntity<T>>(sql`
    SELECT id, version, jsonb_build_object(${raw(fields.join(', '))}) AS entity
    FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE id = ANY(${matches.map(({ id }) => id)}::uuid[]) AND workspace_id = ${workspaceId}`);
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  return new Map(
    matches.flatMap(({ rowIndex, id }) => {
      const entity = byId.get(id);
      return entity === undefined ? [] : [[rowIndex, entity] as const];
    }),
  );
}
