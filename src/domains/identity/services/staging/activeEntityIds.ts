import pg, { type PoolClient } from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

/**
 * Streams the ids of a workspace's active entities of one type, oldest first, many at a time.
 *
 * @param client - in a REPEATABLE READ transaction, so that several types are read as of one moment
 */
export async function* activeEntityIds(
  client: PoolClient,
  workspaceId: string,
  entityType: EntityType,
): AsyncGenerator<readonly string[]> {
  const pages = copyOut(
    client,
    `SELECT id FROM ${ENTITY_TABLES[entityType]}
     WHERE workspace_id = ${pg.escapeLiteral(workspaceId)} AND state = 'ACTIVE' ORDER BY id`,
  );
  for await (const page of pages) {
    const ids: string[] = [];
    while (page.nextRow()) ids.push(page.next());
    yield ids;
  }
}
