import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { KeysetPage } from '../../../platform/keyset.ts';
import type { ChangeKind } from '../generated/prisma/enums.ts';
import type { EntityType } from '../rules/entities.ts';

/** One change of an entity: who made it, through which record, from what to what. */
export interface EntityChange {
  readonly id: string;
  readonly workspaceId: string;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly kind: ChangeKind;
  /** The version that it made. */
  readonly version: number;
  /** The fields that changed, as they were; null for a creation, and of a person who was erased. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly actorId: string;
  /** The nil id for an erasure, which comes through no batch. */
  readonly batchId: string;
  /** -1 for an erasure. */
  readonly rowIndex: number;
  readonly revertsId: string | null;
  readonly reverted: boolean;
  /** Why, of an erasure. */
  readonly reason: string | null;
  readonly createdAt: Date;
}

const columns = sql`
  id, workspace_id AS "workspaceId", entity_type AS "entityType", entity_id AS "entityId", kind,
  version, before, after, actor_id AS "actorId", batch_id AS "batchId", row_index AS "rowIndex",
  reverts_id AS "revertsId", reverted, reason, created_at AS "createdAt"`;

/** Which entity's history is read. */
export type HistoryKey = Pick<EntityChange, 'workspaceId' | 'entityType' | 'entityId'>;

/** One page of an entity's history, newest first; its changes stand in the order of their versions. */
export async function listEntityChanges(
  pool: Pool,
  { workspaceId, entityType, entityId }: HistoryKey,
  { after, before, limit, backwards }: KeysetPage<number>,
): Promise<readonly EntityChange[]> {
  const { rows } = await pool.query<EntityChange>(sql`
    SELECT ${columns} FROM entity_change
    WHERE workspace_id = ${workspaceId} AND entity_type = ${entityType} AND entity_id = ${entityId}
      AND ${after === null ? sql`true` : sql`version < ${after}`}
      AND ${before === null ? sql`true` : sql`version > ${before}`}
    ORDER BY version ${raw(backwards ? 'ASC' : 'DESC')}
    LIMIT ${limit}`);
  return rows;
}

/** Changes by their ids, in any order. */
export async function findEntityChanges(
  pool: Pool,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EntityChange>> {
  const { rows } = await pool.query<EntityChange>(sql`
    SELECT ${columns} FROM entity_change WHERE id = ANY(${ids}::uuid[])`);
  return new Map(rows.map((change) => [change.id, change]));
}
