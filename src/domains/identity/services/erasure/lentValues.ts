import sql, { type Sql } from 'sql-template-tag';
import type { Erasure } from './erasePerson.ts';

/**
 * The other contacts that had values of the person for a while, since a merge was undone: as
 * `entity_id`, `since` and `until`, the version with which they took them over and the one with which
 * they gave them back.
 */
export function selectLentValues({ workspaceId, contactIds }: Erasure): Sql {
  return sql`
    SELECT taken.entity_id, taken.version AS since, given.version AS until
    FROM entity_change m
    JOIN entity_change taken ON taken.batch_id = m.batch_id AND taken.row_index = m.row_index
      AND taken.entity_type = 'contact' AND taken.kind = 'UPDATED' AND taken.reverted
    JOIN entity_change given ON given.reverts_id = taken.id
    WHERE m.workspace_id = ${workspaceId} AND m.entity_type = 'contact' AND m.kind = 'MERGED'
      AND m.entity_id = ANY(${contactIds}::uuid[]) AND taken.entity_id <> ALL(${contactIds}::uuid[])`;
}
