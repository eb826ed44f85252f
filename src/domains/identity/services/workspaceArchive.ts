import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { ExpectedError } from '../../../platform/errors.ts';
import { inTransaction } from '../../../platform/postgres/pool.ts';
import { workspaceArchived } from './permissions.ts';
import { WORKED_ON } from './staging/batchLifecycle.ts';

/** So many batches are named that are in the way; people end them, and see the next. */
const NAMED_BATCHES = 10;

/**
 * Archives a workspace: it can be read, and nothing else is done in it until it is restored. Its
 * schedules are deleted.
 *
 * @throws `CONFLICT` naming the batches that are under way in it
 */
export async function archiveWorkspace(pool: Pool, workspaceId: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    // One that is running triggers its audit first: it is seen below, and needs the workspace for it.
    await client.query(sql`
      SELECT FROM audit_schedule WHERE workspace_id = ${workspaceId} ORDER BY id FOR UPDATE`);
    // Also against new batches: they refer to it.
    await client.query(sql`SELECT FROM workspace WHERE id = ${workspaceId} FOR UPDATE`);
    await assertNothingUnderWay(client, workspaceId);
    await client.query(sql`DELETE FROM audit_schedule WHERE workspace_id = ${workspaceId}`);
    await client.query(sql`
      UPDATE workspace SET archived_at = coalesce(archived_at, now()), updated_at = now()
      WHERE id = ${workspaceId}`);
  });
}

async function assertNothingUnderWay(client: ClientBase, workspaceId: string): Promise<void> {
  const { rows } = await client.query<{ id: string; status: string }>(sql`
    SELECT id, status FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND status = ANY(${['STAGING', ...WORKED_ON]}::batch_status[])
    ORDER BY id LIMIT ${NAMED_BATCHES}`);
  if (rows.length === 0) return;
  const batches = rows.map(({ id, status }) => `${id} is ${status}`).join(', ');
  throw new ExpectedError(
    'CONFLICT',
    `Work is under way in this workspace: batch ${batches}. Cancel it or wait until it has ended.`,
    { batchId: rows[0]?.id ?? '' },
  );
}

/** Takes a workspace back into use. Its schedules were deleted, and have to be created anew. */
export async function restoreWorkspace(pool: Pool, workspaceId: string): Promise<void> {
  await pool.query(sql`
    UPDATE workspace SET archived_at = NULL, updated_at = now() WHERE id = ${workspaceId}`);
}

/**
 * Demands that a workspace is not archived, and keeps it so until the transaction ends.
 *
 * @throws `CONFLICT` where it is
 */
export async function assertNotArchived(client: ClientBase, workspaceId: string): Promise<void> {
  const { rows } = await client.query<{ archived: boolean }>(sql`
    SELECT archived_at IS NOT NULL AS archived FROM workspace
    WHERE id = ${workspaceId} FOR NO KEY UPDATE`);
  if (rows[0]?.archived) throw workspaceArchived();
}
