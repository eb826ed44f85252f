import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

/**
 * The ids that entities had before they were merged into some others, also by way of a third one.
 *
 * @returns by the id of the survivor, in the order of the ids
 */
export async function findMergedIds(
  pool: Pool,
  entityType: EntityType,
  survivorIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  // UNION, not UNION ALL, ends where raw SQL has made a circle.
  const { rows } = await pool.query<{ survivorId: string; ids: string[] }>(sql`
    WITH RECURSIVE merged AS (
      SELECT merged_into_id AS survivor_id, id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE merged_into_id = ANY(${survivorIds}::uuid[])
      UNION
      SELECT m.survivor_id, e.id FROM merged m
      JOIN ${raw(ENTITY_TABLES[entityType])} e ON e.merged_into_id = m.id
    )
    SELECT survivor_id AS "survivorId", array_agg(id ORDER BY id) AS ids
    FROM merged GROUP BY survivor_id`);
  return new Map(rows.map(({ survivorId, ids }) => [survivorId, ids]));
}
