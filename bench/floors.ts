import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type Pool } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { v7 as uuidv7 } from 'uuid';
import { ENTITY_TABLES } from '../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../src/domains/identity/rules/entities.ts';
import { inTransaction } from '../src/platform/postgres/pool.ts';

const readFloor = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, 'floors', `${name}.sql`), 'utf8');

/** Stages a workspace's entities by one statement inside the server. */
export async function stagingFloor(pool: Pool, workspaceId: string): Promise<void> {
  await pool.query(await readFloor('staging'), [uuidv7(), workspaceId]);
}

/** Copies a workspace's entities out of the server, and throws them away. */
export async function copyEntitiesOut(pool: Pool, workspaceId: string): Promise<void> {
  for (const name of ['copyContactsOut', 'copySitesOut', 'copyDevicesOut']) {
    const statement = (await readFloor(name)).replace(':workspace', pg.escapeLiteral(workspaceId));
    const client = await pool.connect();
    try {
      const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
      await pipeline(client.query(copyTo(statement)), discard);
    } finally {
      client.release();
    }
  }
}

/** A floor that copies rows in, named as its file. */
type CopyFloor = 'copyFindingsIn' | 'copyStagedIn';

/** Copies all rows that there are into a file, with the columns that {@link copyIn} takes. */
export async function copyOut(pool: Pool, floor: CopyFloor, file: string): Promise<void> {
  const statement = (await readFloor(floor)).replace('FROM STDIN', 'TO STDOUT');
  const client = await pool.connect();
  try {
    await pipeline(client.query(copyTo(statement)), createWriteStream(file));
  } finally {
    client.release();
  }
}

/** Copies rows that were copied out before into the server. */
export async function copyIn(pool: Pool, floor: CopyFloor, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(createReadStream(file), client.query(copyFrom(await readFloor(floor))));
  } finally {
    client.release();
  }
}

interface AcceptedChanges {
  readonly batchId: string;
  readonly actorId: string;
  /** The column of each type that all accepted findings are about. */
  readonly changed: readonly { readonly type: EntityType; readonly column: string }[];
}

/** Changes the entities that accepted findings are about, with their history. */
export async function promoteFloor(
  pool: Pool,
  { batchId, actorId, changed }: AcceptedChanges,
): Promise<void> {
  const floor = await readFloor('promote');
  await inTransaction(pool, async (client) => {
    for (const { type, column } of changed) {
      const statements = floor
        .replaceAll(':table', ENTITY_TABLES[type])
        .replaceAll(':column', column)
        .replaceAll(':type', pg.escapeLiteral(type))
        .replaceAll(':batch', pg.escapeLiteral(batchId))
        .replaceAll(':actor', pg.escapeLiteral(actorId));
      await client.query(statements);
    }
  });
}
