import type { PoolClient } from 'pg';
import Cursor from 'pg-cursor';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

const PAGE_ROWS = 10_000;

/**
 * Streams the ids of a workspace's active entities of one type, oldest first.
 *
 * @param client - in a REPEATABLE READ transaction, so that several types are read as of one moment
 */
export async function* activeEntityIds(
  client: PoolClient,
  workspaceId: string,
  entityType: EntityType,
): AsyncGenerator<string> {
  const table = ENTITY_TABLES[entityType];
  const cursor = client.query(
    new Cursor<{ id: string }>(
      `SELECT id FROM ${table} WHERE workspace_id = $1 AND state = 'ACTIVE' ORDER BY id`,
      [workspaceId],
    ),
  );
  try {
    for (;;) {
      const rows = await cursor.read(PAGE_ROWS);
      if (rows.length === 0) return;
      for (const row of rows) yield row.id;
    }
  } finally {
    await cursor.close();
  }
}
