import pg, { type PoolClient } from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

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
 * @param isUnchanged - a condition on the entity, as in SQL
 */
export async function* activeEntities(
  client: PoolClient,
  workspaceId: string,
  entityType: EntityType,
  isUnchanged = 'false',
): AsyncGenerator<readonly ActiveEntity[]> {
  const pages = copyOut(
    client,
    `SELECT id, ${isUnchanged} FROM ${ENTITY_TABLES[entityType]} e
     WHERE workspace_id = ${pg.escapeLiteral(workspaceId)} AND state = 'ACTIVE' ORDER BY id`,
  );
  for await (const page of pages) {
    const entities: ActiveEntity[] = [];
    while (page.nextRow()) entities.push({ id: page.next(), unchanged: page.next() === 't' });
    yield entities;
  }
}
