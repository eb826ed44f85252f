import type { ClientBase } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

/**
 * Selects the pairs that people said are not the same, as `first_id` and `second_id`. Where a value
 * by which either is compared has changed since, the pair is undecided again.
 */
export function selectNotDuplicates(workspaceId: string, entityType: EntityType): Sql {
  const table = raw(ENTITY_TABLES[entityType]);
  return sql`
    SELECT n.first_id, n.second_id FROM not_duplicate n
    JOIN ${table} one ON one.id = n.first_id AND compared_values(one) = n.first_fingerprint
    JOIN ${table} other ON other.id = n.second_id AND compared_values(other) = n.second_fingerprint
    WHERE n.workspace_id = ${workspaceId} AND n.entity_type = ${entityType}::entity_type`;
}

/** The pairs of {@link selectNotDuplicates}, by the id of either. */
export async function readNotDuplicates(
  client: ClientBase,
  workspaceId: string,
  entityType: EntityType,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<{ first_id: string; second_id: string }>(
    selectNotDuplicates(workspaceId, entityType),
  );
  const others = new Map<string, string[]>();
  const add = (id: string, other: string): void => {
    others.set(id, [...(others.get(id) ?? []), other]);
  };
  for (const { first_id, second_id } of rows) {
    add(first_id, second_id);
    add(second_id, first_id);
  }
  return others;
}
