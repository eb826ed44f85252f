import { hash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import pg from 'pg';
import sql, { raw } from 'sql-template-tag';
import { copyRows, EncodedRows, encodeCopyRow } from '../../../../../platform/postgres/copy.ts';
import { copyOut } from '../../../../../platform/postgres/copyOut.ts';
import { inTransaction } from '../../../../../platform/postgres/pool.ts';
import { ENTITY_TABLES, selectFields } from '../../../profiles/entityTables.ts';
import { readEntity } from '../../../profiles/readEntity.ts';
import type { EntityType } from '../../../rules/entities.ts';
import type { RuleContext } from '../../../rules/rule.ts';
import { strongKeyBasis, strongKeyFields, strongKeys } from '../../../rules/strongKeys.ts';
import { systemIdentifierOf } from '../../staging/auditSnapshot.ts';

/** Entities whose keys are made in one go. */
const PAGE_ENTITIES = 20_000;

/** A strong key as it is kept: 64 bits as a decimal number. Whom they lead to is compared. */
export function hashOfKey(key: string): string {
  return hash('md5', key, 'buffer').readBigInt64LE().toString();
}

/**
 * Brings the match keys of a workspace's entities up to date: those of all at first, and later those
 * of what has changed since. In a transaction of its own, one at a time, so that the ranges of an
 * import don't wait for each other to be done.
 */
export async function refreshMatchKeys(
  pool: Pool,
  workspaceId: string,
  entityTypes: readonly EntityType[],
  context: RuleContext,
): Promise<void> {
  for (const entityType of entityTypes) {
    await inTransaction(pool, (client) =>
      refreshMatchKeysOf(client, { workspaceId, entityType, context }),
    );
  }
}

interface KeysOfType {
  readonly workspaceId: string;
  readonly entityType: EntityType;
  readonly context: RuleContext;
}

/** Brings the match keys of entities of a type up to date in a transaction of the caller's. */
export async function refreshMatchKeysOf(client: ClientBase, keys: KeysOfType): Promise<void> {
  const { workspaceId, entityType, context } = keys;
  await client.query(sql`
    SELECT pg_advisory_xact_lock(hashtextextended(${`match keys of ${workspaceId}`}, 0))`);
  const now = await presentState(client, strongKeyBasis(entityType, context));
  const seenXid = await seenBefore(client, keys, now);
  const count = await collectEntities(client, keys, seenXid);
  if (count === 0 && seenXid !== null) return;
  if (seenXid === null) {
    await client.query(sql`
      DELETE FROM entity_match_key
      WHERE workspace_id = ${workspaceId} AND entity_type = ${entityType}::entity_type`);
  }
  for (let first = 0; first < count; first += PAGE_ENTITIES) {
    await keepKeys(client, keys, first, seenXid !== null);
  }
  await client.query(sql`
    INSERT INTO match_key_state (workspace_id, entity_type, basis, seen_xid, system_identifier)
    VALUES (${workspaceId}, ${entityType}::entity_type, ${now.basis}, ${now.xid}::xid8, ${now.systemIdentifier})
    ON CONFLICT (workspace_id, entity_type) DO UPDATE SET basis = excluded.basis,
      seen_xid = excluded.seen_xid, system_identifier = excluded.system_identifier`);
}

interface PresentState {
  readonly basis: string;
  /** Whatever a later statement does not see has this transaction id or a later one. */
  readonly xid: string;
  readonly systemIdentifier: string | null;
}

async function presentState(client: ClientBase, basis: string): Promise<PresentState> {
  const { rows } = await client.query<{ xid: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid',
  );
  if (rows[0] === undefined) throw new Error('PostgreSQL has told no snapshot.');
  return { basis, xid: rows[0].xid, systemIdentifier: await systemIdentifierOf(client) };
}

/** As of when keys are kept that still hold; null where there are none, as in a database that was loaded from a dump. */
async function seenBefore(
  client: ClientBase,
  { workspaceId, entityType }: KeysOfType,
  { basis, xid, systemIdentifier }: PresentState,
): Promise<string | null> {
  const { rows } = await client.query<{ seenXid: string }>(sql`
    SELECT seen_xid::text AS "seenXid" FROM match_key_state
    WHERE workspace_id = ${workspaceId} AND entity_type = ${entityType}::entity_type
      AND basis = ${basis} AND seen_xid <= ${xid}::xid8
      AND system_identifier IS NOT DISTINCT FROM ${systemIdentifier}`);
  return rows[0]?.seenXid ?? null;
}

/** Numbers the entities whose keys are to be made. The indexes on what has changed and on workspaces narrow them. */
async function collectEntities(
  client: ClientBase,
  { workspaceId, entityType }: KeysOfType,
  seenXid: string | null,
): Promise<number> {
  const wanted = seenXid === null ? sql`state = 'ACTIVE'` : sql`changed_xid >= ${seenXid}::xid8`;
  // A dry run brings the keys of several types up to date in one transaction.
  await client.query('DROP TABLE IF EXISTS pg_temp.keyed_entity');
  await client.query('CREATE TEMPORARY TABLE keyed_entity (position int, id uuid) ON COMMIT DROP');
  const { rowCount } = await client.query(sql`
    INSERT INTO keyed_entity
    SELECT row_number() OVER () - 1, id FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND ${wanted}`);
  if ((rowCount ?? 0) > PAGE_ENTITIES) {
    await client.query('CREATE INDEX ON keyed_entity (position)');
  }
  return rowCount ?? 0;
}

async function keepKeys(
  client: ClientBase,
  { workspaceId, entityType, context }: KeysOfType,
  first: number,
  hadKeys: boolean,
): Promise<void> {
  const page = `SELECT id FROM keyed_entity
    WHERE position >= ${first} AND position < ${first + PAGE_ENTITIES}`;
  if (hadKeys) {
    await client.query(`DELETE FROM entity_match_key WHERE entity_id = ANY (ARRAY (${page}))`);
  }
  await client.query(`SET LOCAL datestyle = 'ISO, YMD'`);
  const chunks = copyOut(
    client,
    `SELECT id, ${selectFields(entityType, strongKeyFields(entityType))}
     FROM ${ENTITY_TABLES[entityType]}
     WHERE id = ANY (ARRAY (${page})) AND workspace_id = ${pg.escapeLiteral(workspaceId)}
       AND state = 'ACTIVE'`,
  );
  const rows = new EncodedRows();
  for await (const chunk of chunks) {
    while (chunk.nextRow()) {
      const id = chunk.next();
      const keys = strongKeys(entityType, readEntity(entityType, chunk), context);
      for (const key of new Set(keys)) {
        rows.push(encodeCopyRow([workspaceId, entityType, hashOfKey(key), id]));
      }
    }
  }
  await copyRows(client, 'entity_match_key (workspace_id, entity_type, key, entity_id)', rows);
}
