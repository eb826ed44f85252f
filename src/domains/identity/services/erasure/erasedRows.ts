import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { AUDIT_PROFILES, profileByName } from '../../profiles/registry.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { Erasure } from './erasePerson.ts';
import { selectLentValues } from './lentValues.ts';
import type { WorkspaceBatch } from './stopWorkspaceBatches.ts';

const batchIds = (batches: readonly WorkspaceBatch[]): readonly string[] =>
  batches.map(({ id }) => id);

/** The batches whose rows bring values of their own; those of all others are ids. */
export const importsAmong = (batches: readonly WorkspaceBatch[]): readonly string[] =>
  batchIds(batches.filter(({ profile }) => profileByName(profile).kind === 'import'));

/**
 * Fills the temporary table `erased_row` with the records of the workspace that are about the person:
 * that audited them, or that made, changed or matched them. No index leads from an entity to its
 * records, which would cost every import and audit more than a scan costs the rare erasure.
 */
export async function collectErasedRows(client: ClientBase, erasure: Erasure): Promise<void> {
  const { workspaceId, contactIds, batches } = erasure;
  const ids = batchIds(batches);
  await client.query(sql`
    CREATE TEMPORARY TABLE erased_row (
      batch_id uuid, row_index int, PRIMARY KEY (batch_id, row_index)
    ) ON COMMIT DROP`);
  // What a merge did is kept with the survivor's record, which may be another's since it was undone.
  await client.query(sql`
    INSERT INTO erased_row
    SELECT batch_id, row_index FROM staged_record
    WHERE batch_id = ANY(${ids}::uuid[]) AND entity_id = ANY(${contactIds}::uuid[])
    UNION
    SELECT batch_id, row_index FROM staged_record_state
    WHERE batch_id = ANY(${ids}::uuid[])
      AND (entity_id = ANY(${contactIds}::uuid[]) OR matched_id = ANY(${contactIds}::uuid[]))
    UNION
    SELECT batch_id, row_index FROM finding
    WHERE batch_id = ANY(${ids}::uuid[]) AND entity_id = ANY(${contactIds}::uuid[])
    UNION
    SELECT batch_id, row_index FROM entity_change
    WHERE workspace_id = ${workspaceId} AND entity_type = 'contact'
      AND entity_id = ANY(${contactIds}::uuid[]) AND kind IN ('CREATED', 'UPDATED', 'ARCHIVED')`);
  await withoutNestedLoops(client, () => collectByExternalId(client, erasure));
  await withoutNestedLoops(client, () => collectLent(client, erasure));
  await client.query('ANALYZE erased_row');
}

/** Also the records of audits that looked at another contact while it had values of the person. */
async function collectLent(client: ClientBase, erasure: Erasure): Promise<void> {
  const audits = erasure.batches.filter(({ profile }) => AUDIT_PROFILES.includes(profile));
  await client.query(sql`
    INSERT INTO erased_row
    SELECT f.batch_id, f.row_index FROM finding f
    JOIN (${selectLentValues(erasure)}) l
      ON l.entity_id = f.entity_id AND f.entity_version >= l.since AND f.entity_version < l.until
    WHERE f.batch_id = ANY(${batchIds(audits)}::uuid[])
    ON CONFLICT DO NOTHING`);
}

/**
 * Also imported rows that were never applied, and that bear an external id of the person: one that no
 * other contact has, and that no row uses which has become another.
 */
async function collectByExternalId(
  client: ClientBase,
  { workspaceId, contactIds, batches }: Erasure,
): Promise<void> {
  const imports = importsAmong(batches);
  await client.query(sql`
    WITH known AS (
      SELECT external_id FROM third_party WHERE id = ANY(${contactIds}::uuid[])
      UNION
      SELECT values->>'externalId' FROM entity_change, unnest(ARRAY[before, after]) AS values
      WHERE workspace_id = ${workspaceId} AND entity_type = 'contact'
        AND entity_id = ANY(${contactIds}::uuid[])
      UNION
      SELECT r.raw_data->>'externalId' FROM staged_record r JOIN erased_row USING (batch_id, row_index)
      WHERE r.batch_id = ANY(${imports}::uuid[])
    ), own AS MATERIALIZED (
      SELECT external_id FROM known
      WHERE external_id ~ '\\S' AND NOT EXISTS (
        SELECT FROM third_party other
        WHERE other.workspace_id = ${workspaceId} AND other.external_id = known.external_id
          AND other.id <> ALL(${contactIds}::uuid[]))
    )
    INSERT INTO erased_row
    SELECT r.batch_id, r.row_index FROM staged_record r
    WHERE r.batch_id = ANY(${imports}::uuid[]) AND r.entity_type = 'contact'
      AND r.raw_data->>'externalId' = ANY (ARRAY (SELECT external_id FROM own))
      AND NOT EXISTS (
        SELECT FROM staged_record_state s
        WHERE s.batch_id = r.batch_id AND s.row_index = r.row_index
          AND coalesce(s.entity_id, s.matched_id) <> ALL(${contactIds}::uuid[]))
    ON CONFLICT DO NOTHING`);
}
