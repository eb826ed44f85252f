import type { ClientBase } from 'pg';
import sql, { join, raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';

/** Entities of one type that somebody changed after an audit's snapshot; the next audit looks at them. */
export interface ChangedMeanwhile {
  /** They were not there in the snapshot. */
  readonly added: number;
  /** They were, and are still active. */
  readonly changed: number;
  /** They were, and are not active any more; gone, or checked before they went. */
  readonly removed: number;
}

/** What was changed in a workspace since the snapshot of an audit, by type; types without any are left out. */
export function changedMeanwhile(
  client: ClientBase,
  { id, workspaceId }: { readonly id: string; readonly workspaceId: string },
  snapshot: string,
): Promise<ReadonlyMap<EntityType, ChangedMeanwhile>> {
  // By the index on workspace and changed_xid. What has a later transaction id than the oldest one
  // that was under way need not have been.
  const changed = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT ${entityType}::entity_type AS entity_type, id, state
      FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId}
        AND changed_xid >= pg_snapshot_xmin(${snapshot}::pg_snapshot)
        AND NOT pg_visible_in_snapshot(changed_xid, ${snapshot}::pg_snapshot)`,
  );
  return withoutNestedLoops(client, async () => {
    const { rows } = await client.query<ChangedMeanwhile & { entityType: EntityType }>(sql`
      WITH changed AS MATERIALIZED (${join(changed, ' UNION ALL ')}), staged AS (
        SELECT entity_id FROM staged_record
        WHERE batch_id = ${id} AND EXISTS (SELECT FROM changed)
      )
      SELECT c.entity_type AS "entityType",
             (count(*) FILTER (WHERE s.entity_id IS NULL AND c.state = 'ACTIVE'))::int AS added,
             (count(*) FILTER (WHERE s.entity_id IS NOT NULL AND c.state = 'ACTIVE'))::int AS changed,
             (count(*) FILTER (WHERE s.entity_id IS NOT NULL AND c.state <> 'ACTIVE'))::int AS removed
      FROM changed c LEFT JOIN staged s ON s.entity_id = c.id
      GROUP BY c.entity_type`);
    return new Map(rows.map(({ entityType, ...counts }) => [entityType, counts]));
  });
}
