import sql, { type Sql } from 'sql-template-tag';
import type { EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';

/**
 * Whether an entity, as a plan `p` names it, is no longer as it was looked at. What was changed since
 * and undone again does not count, nor what the batch itself has changed; a version that history knows
 * nothing of came from outside, and does.
 */
export function isChangedSince(
  { id: batchId, workspaceId }: Pick<StagedBatch, 'id' | 'workspaceId'>,
  entityType: EntityType,
): Sql {
  return sql`(p.version <> p.base_version AND NOT (
    SELECT count(*) = p.version - p.base_version
      AND bool_and(h.batch_id = ${batchId} OR h.reverted OR h.reverts_id IS NOT NULL AND p.base_version < (
        SELECT undone.version FROM entity_change undone WHERE undone.id = h.reverts_id))
    FROM entity_change h
    WHERE h.workspace_id = ${workspaceId} AND h.entity_type = ${entityType}::entity_type
      AND h.entity_id = p.entity_id AND h.version > p.base_version))`;
}
