import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import { isInScope, isLive } from './reversalScope.ts';

/** A run, in the workspace of its batch. */
export interface Reversal {
  readonly workspaceId: string;
  readonly run: BatchRun;
}

/** What entities of a type refer to. */
export const REFERENCE_OF = {
  contact: null,
  site: { field: 'ownerId', to: 'contact' },
  device: { field: 'siteId', to: 'site' },
} as const;

/**
 * Whether a run undoes a change of an entity: it also undoes all that came after it, and nothing of
 * that would let the entity refer to one that is not there any more. A run does its entities in no
 * certain order, so this tells before it happens what will.
 *
 * @param entity - a row of the entity's table
 * @param change - a row of `entity_change` in the scope of the run
 */
export function isUndone(
  reversal: Reversal,
  entityType: EntityType,
  entity: Sql,
  change: Sql,
): Sql {
  const later = raw(`later_${entityType}`);
  return sql`(${nothingElseSince(reversal, entity, change)} AND NOT EXISTS (
    SELECT FROM entity_change ${later}
    WHERE ${later}.workspace_id = ${reversal.workspaceId}
      AND ${later}.entity_type = ${entityType}::entity_type AND ${later}.entity_id = ${entity}.id
      AND ${later}.version >= ${change}.version AND ${isInScope(reversal.run, later)}
      AND ${refersToLost(reversal, entityType, sql`${later}.before`)}))`;
}

function nothingElseSince({ workspaceId, run }: Reversal, entity: Sql, change: Sql): Sql {
  return sql`(
    SELECT ${entity}.version - ${change}.version = count(*)
       AND coalesce(bool_and(NOT ${isLive(sql`z`)} OR (${isInScope(run, sql`z`)})), true)
    FROM entity_change z
    WHERE z.workspace_id = ${workspaceId} AND z.entity_type = ${change}.entity_type
      AND z.entity_id = ${entity}.id AND z.version > ${change}.version)`;
}

/** Whether values that entities would have again refer to one that is archived or merged, and stays so. */
function refersToLost(reversal: Reversal, entityType: EntityType, values: Sql): Sql {
  const reference = REFERENCE_OF[entityType];
  if (reference === null) return sql`false`;
  const { field, to } = reference;
  const target = raw(`target_${to}`);
  return sql`EXISTS (
    SELECT FROM ${raw(ENTITY_TABLES[to])} ${target}
    WHERE ${target}.workspace_id = ${reversal.workspaceId}
      AND ${target}.id = (${values}->>${field}::text)::uuid AND ${isLost(reversal, to, target)})`;
}

/** Whether an entity is archived or merged, and the run does not bring it back. */
export function isLost(reversal: Reversal, entityType: EntityType, entity: Sql): Sql {
  const loss = raw(`loss_${entityType}`);
  return sql`(${entity}.state <> 'ACTIVE' AND NOT EXISTS (
    SELECT FROM entity_change ${loss}
    WHERE ${loss}.workspace_id = ${reversal.workspaceId}
      AND ${loss}.entity_type = ${entityType}::entity_type AND ${loss}.entity_id = ${entity}.id
      AND ${loss}.before->>'state' = 'ACTIVE' AND ${isInScope(reversal.run, loss)}
      AND ${isUndone(reversal, entityType, entity, loss)}))`;
}
