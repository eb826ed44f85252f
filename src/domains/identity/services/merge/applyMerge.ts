import type { ClientBase } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { ChangeKind, EntityState } from '../../generated/prisma/enums.ts';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import { newChangeId } from '../entityChangeIds.ts';
import { erasedReason } from '../erasure/erasedReason.ts';
import type { Promoter } from '../promotion/acceptedFindings.ts';
import { isChangedSince } from '../promotion/changedSince.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { PlannedMerge } from './applyMerges.ts';
import type { TouchedVersions, VersionStep } from './touchedVersions.ts';

/** What points at entities of a type. */
const REFERENCES = {
  contact: { from: 'site', field: 'ownerId', column: 'owner_id' },
  site: { from: 'device', field: 'siteId', column: 'site_id' },
  device: null,
} as const;

/**
 * Merges entities into their survivor, unless one of them has changed since it was audited: then its
 * record becomes a CONFLICT, and nothing is merged.
 *
 * @returns whether they were merged
 */
export async function applyMerge(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  merge: PlannedMerge,
  touched: TouchedVersions,
): Promise<boolean> {
  const ids = [merge.survivorId, ...merge.loserIds];
  const members = await lockMembers(client, batch.workspaceId, merge.entityType, ids);
  const expected = await touched.expected(ids);
  const changed = await changedMembers(client, batch, merge.entityType, members, expected);
  const conflict = conflictOf(merge, members, expected, changed);
  if (conflict !== null) {
    await client.query(sql`
      INSERT INTO staged_record_state (batch_id, row_index, status, reason)
      VALUES (${batch.id}, ${merge.rowIndex}, 'CONFLICT', ${conflict})
      ON CONFLICT (batch_id, row_index) DO UPDATE
      SET status = 'CONFLICT', reason = excluded.reason`);
    return false;
  }
  const history = { batch, actorId: promoter.actorId, rowIndex: merge.rowIndex };
  touched.add(await takeOverFields(client, history, merge, members));
  touched.add(await moveReferences(client, history, merge));
  touched.add(await loseToSurvivor(client, history, merge));
  await markApplied(client, batch.id, merge, touched);
  return true;
}

interface LockedMember {
  readonly id: string;
  readonly version: number;
  readonly state: EntityState;
  /** Why nothing can be done about it; null of who was not erased. */
  readonly erased: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

async function lockMembers(
  client: ClientBase,
  workspaceId: string,
  entityType: EntityType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedMember>> {
  const fields = entityColumns(entityType).map(({ field, column }) => raw(`'${field}', ${column}`));
  const erased =
    entityType === 'contact'
      ? sql`CASE WHEN erased_at IS NOT NULL THEN ${erasedReason(sql`erased_at`)} END`
      : sql`NULL::text`;
  const { rows } = await client.query<LockedMember>(sql`
    SELECT id, version, state, ${erased} AS erased, jsonb_build_object(${join(fields)}) AS fields
    FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The ids of those that are not as they were looked at. */
async function changedMembers(
  client: ClientBase,
  batch: StagedBatch,
  entityType: EntityType,
  members: ReadonlyMap<string, LockedMember>,
  expected: ReadonlyMap<string, number>,
): Promise<ReadonlySet<string>> {
  const versions = [...members.values()].map(({ id, version }) => ({
    ...{ entity_id: id, version },
    base_version: expected.get(id),
  }));
  const { rows } = await client.query<{ id: string }>(sql`
    SELECT p.entity_id AS id
    FROM jsonb_to_recordset(${JSON.stringify(versions)}::jsonb)
      AS p(entity_id uuid, version int, base_version int)
    WHERE p.base_version IS NULL OR ${isChangedSince(batch, entityType)}`);
  return new Set(rows.map(({ id }) => id));
}

/** Why entities can't be merged; null where they can. */
function conflictOf(
  { survivorId, loserIds, entityType }: PlannedMerge,
  members: ReadonlyMap<string, LockedMember>,
  expected: ReadonlyMap<string, number>,
  changed: ReadonlySet<string>,
): string | null {
  for (const id of [survivorId, ...loserIds]) {
    const member = members.get(id);
    const what = `The ${entityType} ${id}`;
    if (!member) return `${what} is gone, so nothing was merged.`;
    if (member.erased !== null) return `${what} can't be merged. ${member.erased}`;
    if (member.state !== 'ACTIVE') return `${what} is ${member.state}, so nothing was merged.`;
    if (changed.has(id)) {
      return (
        `${what} has been changed since it was looked at, so nothing was merged: ` +
        `that was version ${expected.get(id)}, now it is version ${member.version}.`
      );
    }
  }
  return null;
}

/** What the changes of a merge have in common. */
interface History {
  readonly batch: StagedBatch;
  readonly actorId: string;
  readonly rowIndex: number;
}

/** The columns and the select list of changes: all are recorded with the survivor's record. */
function insertChanges(
  { batch, actorId, rowIndex }: History,
  entityType: EntityType,
  kind: ChangeKind,
  changes: Sql,
): Sql {
  return sql`
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, before, after)
    SELECT ${newChangeId()}, ${batch.workspaceId}::uuid, ${entityType}::entity_type, id, version,
           ${kind}::change_kind, ${batch.id}::uuid, ${rowIndex}::int, ${actorId}::uuid, before, after
    FROM ${changes}
    RETURNING entity_id AS "entityId", version - 1 AS "from", version AS "to"`;
}

/** Gives the survivor the chosen values of the others. */
async function takeOverFields(
  client: ClientBase,
  history: History,
  { entityType, survivorId, fieldFrom }: PlannedMerge,
  members: ReadonlyMap<string, LockedMember>,
): Promise<readonly VersionStep[]> {
  const own = members.get(survivorId)?.fields ?? {};
  const after: Record<string, unknown> = {};
  for (const { field, entityId } of fieldFrom) {
    const value = members.get(entityId)?.fields[field] ?? null;
    if (value !== (own[field] ?? null)) after[field] = value;
  }
  const changed = Object.keys(after);
  if (changed.length === 0) return [];
  const before = Object.fromEntries(changed.map((field) => [field, own[field] ?? null]));
  const values = JSON.stringify(after);
  const assignments = entityColumns(entityType)
    .filter(({ field }) => changed.includes(field))
    .map(
      ({ field, column, type }) =>
        sql`${raw(column)} = (${values}::jsonb->>${field}::text)::${raw(type)}`,
    );
  const { rows } = await client.query<VersionStep>(sql`
    WITH survivor AS (
      UPDATE ${raw(ENTITY_TABLES[entityType])} SET ${join(assignments)} WHERE id = ${survivorId}
      RETURNING id, version, ${JSON.stringify(before)}::jsonb AS before, ${values}::jsonb AS after
    ) ${insertChanges(history, entityType, 'UPDATED', sql`survivor`)}`);
  return rows;
}

/** Lets what points at the losers point at the survivor. */
async function moveReferences(
  client: ClientBase,
  history: History,
  { entityType, survivorId, loserIds }: PlannedMerge,
): Promise<readonly VersionStep[]> {
  const reference = REFERENCES[entityType];
  if (reference === null) return [];
  const { from, field } = reference;
  const [table, column] = [raw(ENTITY_TABLES[from]), raw(reference.column)];
  const { rows } = await client.query<VersionStep>(sql`
    WITH pointing AS MATERIALIZED (
      SELECT id, ${column} AS loser_id FROM ${table}
      WHERE workspace_id = ${history.batch.workspaceId} AND ${column} = ANY(${loserIds}::uuid[])
      ORDER BY id FOR NO KEY UPDATE
    ), moved AS (
      UPDATE ${table} e SET ${column} = ${survivorId} FROM pointing p WHERE e.id = p.id
      RETURNING e.id, e.version, jsonb_build_object(${field}::text, p.loser_id) AS before,
                jsonb_build_object(${field}::text, ${survivorId}::uuid) AS after
    ) ${insertChanges(history, from, 'UPDATED', sql`moved`)}`);
  return rows;
}

async function loseToSurvivor(
  client: ClientBase,
  history: History,
  { entityType, survivorId, loserIds }: PlannedMerge,
): Promise<readonly VersionStep[]> {
  const { rows } = await client.query<VersionStep>(sql`
    WITH lost AS (
      UPDATE ${raw(ENTITY_TABLES[entityType])}
      SET state = 'MERGED', merged_into_id = ${survivorId} WHERE id = ANY(${loserIds}::uuid[])
      RETURNING id, version, '{"state": "ACTIVE", "mergedIntoId": null}'::jsonb AS before,
                jsonb_build_object('state', 'MERGED', 'mergedIntoId', ${survivorId}::uuid) AS after
    ) ${insertChanges(history, entityType, 'MERGED', sql`lost`)}`);
  return rows;
}

/** The records of all members are in production with what was found on them. */
async function markApplied(
  client: ClientBase,
  batchId: string,
  { id, survivorId, loserIds }: PlannedMerge,
  touched: TouchedVersions,
): Promise<void> {
  const rowIndexes = [survivorId, ...loserIds].flatMap((entityId) => touched.rowOf(entityId) ?? []);
  await client.query(sql`UPDATE merge SET applied = true WHERE id = ${id}`);
  await client.query(sql`
    UPDATE finding SET applied = true
    WHERE batch_id = ${batchId} AND row_index = ANY(${rowIndexes}::int[]) AND merge_id = ${id}`);
  // What else was accepted of a record and is in conflict stays so, until somebody resolves it.
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index, status)
    SELECT ${batchId}, unnest(${rowIndexes}::int[]), 'PROMOTED'
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = 'PROMOTED', reason = NULL
      WHERE s.status IS NULL OR s.status NOT IN ('CONFLICT', 'FAILED')`);
}
