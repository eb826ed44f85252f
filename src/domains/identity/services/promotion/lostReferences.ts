import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';

const REFERENCES: {
  readonly [T in EntityType]?: { readonly field: string; readonly to: EntityType };
} = {
  site: { field: 'ownerId', to: 'contact' },
  device: { field: 'siteId', to: 'site' },
};

/**
 * Makes a conflict of planned changes that would refer to an entity which was archived or merged since
 * people decided on them.
 */
export async function holdLostReferences(
  client: ClientBase,
  batch: StagedBatch,
  entityType: EntityType,
  fields: readonly string[],
): Promise<void> {
  const reference = REFERENCES[entityType];
  if (reference === undefined || !fields.includes(reference.field)) return;
  const { field, to } = reference;
  await client.query(sql`
    UPDATE planned_change p
    SET outcome = 'CONFLICT',
        reason = CASE t.state
          WHEN 'MERGED' THEN format('The %s %s has been merged into %s since.', ${to}::text, t.id, t.merged_into_id)
          ELSE format('The %s %s has been archived since.', ${to}::text, t.id) END
    FROM ${raw(ENTITY_TABLES[to])} t
    WHERE p.outcome = 'CHANGED' AND t.id = (p.after->>${field}::text)::uuid
      AND t.workspace_id = ${batch.workspaceId} AND t.state <> 'ACTIVE'`);
}
