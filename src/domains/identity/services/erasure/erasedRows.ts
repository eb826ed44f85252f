import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { profileByName } from '../../profiles/registry.ts';
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
 *
 * A record with `found_only` is another's, of which only what was found may quote the person.
 */
export async function collectErasedRows(client: ClientBase, erasure: Erasure): Promise<void> {
  const { workspaceId, contactIds, batches } = erasure;
  const ids = batchIds(batches);
  await client.query(sql`
    CREATE TEMPORARY TABLE erased_row (
      batch_id uuid, row_index int, found_only boolean NOT NULL DEFAULT false,
      PRIMARY KEY (batch_id, row_index)
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

/**
 * Also the records that looked at another contact while it had values of the person: of audits, and
 * of imports, whose rows were checked as what they would make of it.
 */
async function collectLent(client: ClientBase, erasure: Erasure): Promise<void> {
  const { batches } = erasure;
  await client.query(sql`
    INSERT INTO erased_row
    SELECT f.batch_id, f.row_index, f.batch_id = ANY(${importsAmong(batches)}::uuid[])
    FROM finding f
    JOIN (${selectLentValues(erasure)}) l
      ON l.entity_id = f.entity_id AND f.entity_version >= l.since AND f.entity_version < l.until
    WHERE f.batch_id = ANY(${batchIds(batches)}::uuid[]) AND f.entity_type = 'contact'
    ON CONFLICT DO NOTHING`);
}

/** Without white space around it, which people overlook. */
const trimmed = (text: Sql): Sql => sql`btrim(${text}, E' \\t\\r\\n\\u00a0')`;

/**
 * Also imported rows that were never applied, and that bear an external id of the person, as it came,
 * as it was edited or as it is suggested: one that no other contact has, and that no row uses which
 * has become another.
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
      SELECT external_id
      FROM (SELECT external_id FROM known UNION SELECT ${trimmed(sql`external_id`)} FROM known) known
      WHERE external_id ~ '\\S' AND NOT EXISTS (
        SELECT FROM third_party other
        WHERE other.workspace_id = ${workspaceId} AND other.external_id = known.external_id
          AND other.id <> ALL(${contactIds}::uuid[]))
    ), bearing AS (
      SELECT batch_id, row_index, raw_data->>'externalId' AS external_id FROM staged_record
      WHERE batch_id = ANY(${imports}::uuid[])
      UNION ALL
      SELECT batch_id, row_index, edited_values->>'externalId' FROM staged_record_state
      WHERE batch_id = ANY(${imports}::uuid[]) AND edited_values IS NOT NULL
      UNION ALL
      SELECT batch_id, row_index, value FROM finding, unnest(ARRAY[suggested_value, edited_value]) AS value
      WHERE batch_id = ANY(${imports}::uuid[]) AND field = 'externalId'
    )
    INSERT INTO erased_row
    SELECT DISTINCT r.batch_id, r.row_index FROM bearing JOIN staged_record r USING (batch_id, row_index)
    WHERE r.batch_id = ANY(${imports}::uuid[]) AND r.entity_type = 'contact'
      AND ${trimmed(sql`bearing.external_id`)} = ANY (ARRAY (SELECT external_id FROM own))
      AND NOT EXISTS (
        SELECT FROM staged_record_state s
        WHERE s.batch_id = r.batch_id AND s.row_index = r.row_index
          AND coalesce(s.entity_id, s.matched_id) <> ALL(${contactIds}::uuid[]))
    ON CONFLICT DO NOTHING`);
}
