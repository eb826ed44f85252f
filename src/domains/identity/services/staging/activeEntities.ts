import pg, { type PoolClient } from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { UnchangedEntities } from './unchangedEntities.ts';

/** An entity that an audit is to look at. */
export interface ActiveEntity {
  readonly id: string;
  /** Whether the record rules have nothing new to say of it. */
  readonly unchanged: boolean;
}

/**
 * Streams a workspace's active entities of one type, oldest first, many at a time.
 *
 * @param client - in a REPEATABLE READ transaction, so that several types are read as of one moment
 * @param unchanged - which of them have not changed; none where it is left out
 */
export async function* activeEntities(
  client: PoolClient,
  workspaceId: string,
  entityType: EntityType,
  unchanged?: UnchangedEntities,
): AsyncGenerator<readonly ActiveEntity[]> {
  // Nested loops would go through all that are looked at again for each entity: see withoutNestedLoops.
  await client.query('SET LOCAL enable_nestloop = off');
  const pages = copyOut(client, selectActiveEntities(workspaceId, entityType, unchanged));
  for await (const page of pages) {
    const entities: ActiveEntity[] = [];
    while (page.nextRow()) entities.push({ id: page.next(), unchanged: page.next() === 't' });
    yield entities;
  }
}

/**
 * Joined, not NOT IN: that is a hash only while PostgreSQL expects it to fit into memory, and goes
 * through the whole list for each entity otherwise.
 */
export function selectActiveEntities(
  workspaceId: string,
  entityType: EntityType,
  unchanged?: UnchangedEntities,
): string {
  const isUnchanged =
    unchanged === undefined ? 'false' : `again.entity_id IS NULL AND ${unchanged.condition}`;
  const again =
    unchanged === undefined ? '' : `LEFT JOIN (${unchanged.again}) again ON again.entity_id = e.id`;
  return `SELECT e.id, ${isUnchanged} FROM ${ENTITY_TABLES[entityType]} e ${again}
    WHERE e.workspace_id = ${pg.escapeLiteral(workspaceId)} AND e.state = 'ACTIVE' ORDER BY e.id`;
}
