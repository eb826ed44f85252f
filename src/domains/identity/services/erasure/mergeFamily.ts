import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';

/**
 * All contacts that were merged into one with a contact, itself among them: each is a record of the
 * same person, be the contact the survivor or one that was merged into it. A merge that was undone
 * does not count.
 *
 * @returns their ids, in order
 */
export async function findMergeFamily(
  client: ClientBase,
  workspaceId: string,
  contactId: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(sql`
    WITH RECURSIVE family (id, merged_into_id) AS (
      SELECT id, merged_into_id FROM third_party
      WHERE id = ${contactId} AND workspace_id = ${workspaceId}
      UNION
      SELECT near.id, near.merged_into_id
      FROM family f CROSS JOIN LATERAL (
        SELECT t.id, t.merged_into_id FROM third_party t WHERE t.merged_into_id = f.id
        UNION ALL
        SELECT t.id, t.merged_into_id FROM third_party t WHERE t.id = f.merged_into_id
      ) near
    )
    SELECT id FROM family ORDER BY id`);
  return rows.map(({ id }) => id);
}
