import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { validate as isUuid } from 'uuid';
import { badUserInput, ExpectedError, notFound } from '../../../../platform/errors.ts';
import type { EntityState } from '../../generated/prisma/enums.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import { duplicateRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { ReviewedBatch } from '../review/lockReviewedBatch.ts';

/** An entity of a cluster of duplicates, with its record in the audit. */
export interface ClusterMember {
  readonly entityId: string;
  readonly rowIndex: number;
  readonly version: number;
}

/** Entities of one type that people decide on together. */
export interface Cluster {
  readonly entityType: EntityType;
  readonly members: readonly ClusterMember[];
}

/** Each pair of them is looked at. */
const MAX_MEMBERS = 100;

/** The rules whose findings are about clusters. */
export const DUPLICATE_RULE_IDS: readonly string[] = duplicateRules.map(({ id }) => id);

/**
 * Ids as the database writes them.
 *
 * @param name - of the input field
 * @throws `BAD_USER_INPUT` for too many of them, and for one that is named twice
 */
export function clusterIds(name: string, ids: readonly string[]): readonly string[] {
  const written = ids.map((id) => id.toLowerCase());
  if (written.length > MAX_MEMBERS) {
    throw badUserInput(`input.${name}`, `Name at most ${MAX_MEMBERS} entities at a time.`);
  }
  if (new Set(written).size < written.length) {
    throw badUserInput(`input.${name}`, 'Name each entity once.');
  }
  return written;
}

/**
 * Locks the entities of a cluster, so that two reviewers don't decide on it at the same time.
 *
 * @throws `BAD_USER_INPUT` where they are not of one type, or are not all in the audit; `NOT_FOUND`
 *   for one that the workspace does not have; `CONFLICT` for one that is not active
 */
export async function lockCluster(
  client: ClientBase,
  batch: ReviewedBatch,
  name: string,
  ids: readonly string[],
): Promise<Cluster> {
  if (profileByName(batch.profile).kind !== 'audit') {
    throw badUserInput('input.batchId', 'Only audits find duplicates. Name the batch of an audit.');
  }
  const { rows: records } = await client.query<RecordOfMember>(sql`
    SELECT entity_id AS "entityId", row_index AS "rowIndex", entity_type AS "entityType"
    FROM staged_record
    WHERE batch_id = ${batch.id} AND entity_id = ANY(${ids.filter((id) => isUuid(id))}::uuid[])`);
  const recordOf = new Map(records.map((record) => [record.entityId, record]));
  const entityType = records[0]?.entityType;
  if (entityType === undefined) throw notFound('entity in this batch');
  const entities = await lockEntities(client, batch.workspaceId, entityType, ids);
  const members = ids.map((entityId) => {
    const record = recordOf.get(entityId);
    if (!record) throw notFound('entity in this batch');
    if (record.entityType !== entityType) {
      throw badUserInput(`input.${name}`, 'The entities are not all of one type.');
    }
    const entity = entities.get(entityId);
    if (!entity) throw notFound(entityType);
    if (entity.state !== 'ACTIVE') {
      throw new ExpectedError('CONFLICT', `The ${entityType} ${entityId} is ${entity.state}.`);
    }
    return { entityId, rowIndex: record.rowIndex, version: entity.version };
  });
  return { entityType, members };
}

interface RecordOfMember {
  readonly entityId: string;
  readonly rowIndex: number;
  readonly entityType: EntityType;
}

interface LockedEntity {
  readonly id: string;
  readonly version: number;
  readonly state: EntityState;
}

async function lockEntities(
  client: ClientBase,
  workspaceId: string,
  entityType: EntityType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedEntity>> {
  const { rows } = await client.query<LockedEntity>(sql`
    SELECT id, version, state FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids.filter((id) => isUuid(id))}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`);
  return new Map(rows.map((row) => [row.id, row]));
}
