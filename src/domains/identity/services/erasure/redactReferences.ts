import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { importsAmong } from './erasedRows.ts';
import type { Erasure } from './erasePerson.ts';

/**
 * Takes the person's e-mail addresses and names out of imported sites that name them as their owner,
 * and out of what was found on that. Where a row has another e-mail address beside the name, it means
 * a namesake. The values are looked up in the contact and its history, so these are redacted later.
 */
export async function redactReferences(
  client: ClientBase,
  { workspaceId, contactIds, batches, text }: Erasure,
): Promise<void> {
  const imports = importsAmong(batches);
  const nameOf = sql`concat_ws(' ', values->>'givenName', values->>'familyName')`;
  await withoutNestedLoops(client, () =>
    client.query(sql`
      WITH known AS (
        SELECT jsonb_build_object('email', email, 'givenName', given_name,
          'familyName', family_name, 'organisationName', organisation_name) AS values
        FROM third_party WHERE id = ANY(${contactIds}::uuid[])
        UNION ALL
        SELECT values FROM entity_change, unnest(ARRAY[before, after]) AS values
        WHERE workspace_id = ${workspaceId} AND entity_type = 'contact'
          AND entity_id = ANY(${contactIds}::uuid[])
      ), email AS MATERIALIZED (
        SELECT reference_key(values->>'email') AS key FROM known
      ), name AS MATERIALIZED (
        SELECT reference_key(${nameOf}) AS key FROM known
        UNION SELECT reference_key(values->>'organisationName') FROM known
      ), owned AS (
        SELECT batch_id, row_index, reference_key(raw_data->>'ownerEmail') AS email,
               reference_key(raw_data->>'ownerName') AS name
        FROM staged_record
        WHERE batch_id = ANY(${imports}::uuid[]) AND entity_type = 'site'
          AND raw_data ?| ARRAY['ownerEmail', 'ownerName']
      ), named AS MATERIALIZED (
        SELECT batch_id, row_index FROM owned
        WHERE email = ANY (ARRAY (SELECT key FROM email))
          OR email IS NULL AND name = ANY (ARRAY (SELECT key FROM name))
      ), redacted AS (
        UPDATE finding f SET message = ${text}, current_value = NULL, edited_value = NULL
        FROM named n
        WHERE f.batch_id = n.batch_id AND f.row_index = n.row_index AND f.rule_id LIKE 'site.owner.%'
      )
      UPDATE staged_record r SET raw_data = r.raw_data - ARRAY['ownerEmail', 'ownerName']
      FROM named n WHERE r.batch_id = n.batch_id AND r.row_index = n.row_index`),
  );
}
