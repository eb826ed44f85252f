import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { rolesWith } from '../permissions.ts';

const REASON =
  'Its owner may not start audits in this workspace any more. Who resumes it is its owner from then on.';

/**
 * Pauses the schedules of a member who may not start audits any more. One that is locked is being run,
 * and pauses when it runs next: its audit may wait for the workspace, which the caller may have locked.
 *
 * @returns the ids of those that were paused
 */
export async function pauseWithoutRight(
  client: ClientBase,
  { workspaceId, ownerId }: { readonly workspaceId: string; readonly ownerId: string },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(sql`
    UPDATE audit_schedule s
    SET paused_at = now(), pause_reason = ${REASON}, next_run_at = NULL, updated_at = now()
    FROM (
      SELECT id FROM audit_schedule
      WHERE workspace_id = ${workspaceId} AND owner_id = ${ownerId} AND paused_at IS NULL
      FOR UPDATE SKIP LOCKED
    ) owned
    WHERE s.id = owned.id AND NOT EXISTS (
      SELECT FROM membership m
      WHERE m.workspace_id = ${workspaceId} AND m.user_id = ${ownerId}
        AND m.role = ANY(${rolesWith('canCreate')}::role[]))
    RETURNING s.id`);
  return rows.map(({ id }) => id);
}
