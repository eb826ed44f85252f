import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Creation } from './createEntities.ts';
import { NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';
import { recordFailure } from './recordFailure.ts';

/**
 * Lets one promotion at a time look for external ids and create entities with them in a workspace,
 * until its transaction ends. Comes before the locks on entities.
 */
export async function lockExternalIds(
  client: ClientBase,
  { workspaceId, profile }: Pick<StagedBatch, 'workspaceId' | 'profile'>,
): Promise<void> {
  if (!matchesEntities(profile)) return;
  await client.query(sql`
    SELECT pg_advisory_xact_lock(hashtextextended(${`external ids of ${workspaceId}`}, 0))`);
}

function matchesEntities(name: string): boolean {
  const profile = profileByName(name);
  return profile.kind === 'import' && profile.matchesEntities;
}

/** What stands in the way of a creation. */
interface Holder {
  /** The one active entity with the external id; null where there are several. */
  readonly entityId: string | null;
  readonly version: number;
  readonly reason: string;
}

/**
 * Holds back creations whose external ids active entities have by now, or another creation among
 * them. Where it is one entity, the record is in conflict with it, and updates it if that is resolved
 * so; where there are several, nobody can tell which one is meant.
 *
 * @returns the creations that may go on, and what became of the others
 */
export async function holdTakenExternalIds(
  client: ClientBase,
  batch: StagedBatch,
  creations: readonly Creation[],
): Promise<{ readonly free: readonly Creation[]; readonly counts: PromotedCounts }> {
  if (!matchesEntities(batch.profile)) return { free: creations, counts: NOTHING_PROMOTED };
  const free: Creation[] = [];
  const conflicts: (Holder & { readonly rowIndex: number })[] = [];
  let failed = 0;
  for (const [entityType, ofType] of Map.groupBy(creations, (creation) => creation.entityType)) {
    const holders = await findHolders(client, batch, entityType, ofType);
    for (const creation of ofType) {
      const { rowIndex, entityId, entity } = creation;
      const holder = entity.externalId === null ? undefined : holders.get(entity.externalId);
      if (holder === undefined) {
        free.push(creation);
        if (entity.externalId !== null) {
          const reason = `Record ${rowIndex} of this batch has the external id "${entity.externalId}" too, and came first.`;
          holders.set(entity.externalId, { entityId, version: 1, reason });
        }
      } else if (holder.entityId === null) {
        await recordFailure(client, batch.id, rowIndex, holder.reason);
        failed += 1;
      } else {
        conflicts.push({ ...holder, rowIndex });
      }
    }
  }
  await keepConflicts(client, batch.id, conflicts);
  return { free, counts: { ...NOTHING_PROMOTED, conflict: conflicts.length, failed } };
}

async function findHolders(
  client: ClientBase,
  { workspaceId }: StagedBatch,
  entityType: EntityType,
  creations: readonly Creation[],
): Promise<Map<string, Holder>> {
  const externalIds = creations.flatMap(({ entity }) => entity.externalId ?? []);
  if (externalIds.length === 0) return new Map();
  const { rows } = await client.query<{
    externalId: string;
    entityId: string;
    version: number;
    count: number;
  }>(sql`
    SELECT external_id AS "externalId", (array_agg(id))[1] AS "entityId", max(version) AS version,
           count(*)::int AS count
    FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
      AND external_id = ANY(${externalIds}::text[])
    GROUP BY external_id`);
  return new Map(
    rows.map(({ externalId, entityId, version, count }) => [
      externalId,
      count === 1
        ? {
            ...{ entityId, version },
            reason: `A ${entityType} with the external id "${externalId}" has come to be since the row was looked at.`,
          }
        : {
            ...{ entityId: null, version },
            reason: `${count} ${entityType}s have the external id "${externalId}". Merge them, or change it, and promote again.`,
          },
    ]),
  );
}

async function keepConflicts(
  client: ClientBase,
  batchId: string,
  conflicts: readonly (Holder & { readonly rowIndex: number })[],
): Promise<void> {
  if (conflicts.length === 0) return;
  await client.query(sql`
    INSERT INTO staged_record_state
      (batch_id, row_index, status, reason, matched_id, base_version, match_kind, match_by)
    SELECT ${batchId}::uuid, c."rowIndex", 'CONFLICT', c.reason, c."entityId", c.version, 'UPDATE',
           'EXTERNAL_ID'
    FROM jsonb_to_recordset(${JSON.stringify(conflicts)}::jsonb)
      AS c("rowIndex" int, reason text, "entityId" uuid, version int)
    ORDER BY c."rowIndex"
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = 'CONFLICT', reason = excluded.reason,
      matched_id = excluded.matched_id, base_version = excluded.base_version,
      match_kind = excluded.match_kind, match_by = excluded.match_by`);
}
