import type { ClientBase } from 'pg';
import sql, { join, raw } from 'sql-template-tag';
import { NIL } from 'uuid';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import { newChangeId } from '../entityChangeIds.ts';
import type { Erasure } from './erasePerson.ts';

/**
 * Empties the contacts and adds the erasure to their history: with who and when, and without values. A
 * change names the batch and the record that it came through; this one comes through none, and names
 * the nil id, which is equal to no batch's and needs no care in comparisons as NULL would.
 */
export async function eraseContacts(client: ClientBase, erasure: Erasure): Promise<void> {
  const { workspaceId, contactIds, actorId, reason, erasedAt } = erasure;
  const table = raw(ENTITY_TABLES.contact);
  const emptied = entityColumns('contact')
    .filter(({ field }) => field !== 'kind')
    .map(({ column }) => raw(`${column} = NULL`));
  await client.query(sql`
    SELECT FROM ${table} WHERE workspace_id = ${workspaceId} AND id = ANY(${contactIds}::uuid[])
    ORDER BY id FOR UPDATE`);
  await client.query(sql`
    WITH erased AS (
      UPDATE ${table}
      SET ${join(emptied)}, erased_at = ${erasedAt},
          -- What was merged stays so: what refers to it means the survivor.
          state = CASE state WHEN 'MERGED' THEN state ELSE 'ARCHIVED' END
      WHERE workspace_id = ${workspaceId} AND id = ANY(${contactIds}::uuid[]) AND erased_at IS NULL
      RETURNING id, version
    )
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, reason, created_at)
    SELECT ${newChangeId()}, ${workspaceId}::uuid, 'contact', id, version, 'ERASED', ${NIL}::uuid, -1,
           ${actorId}::uuid, ${reason}, ${erasedAt}
    FROM erased`);
  await client.query(sql`
    DELETE FROM entity_match_key WHERE entity_id = ANY(${contactIds}::uuid[])`);
}
