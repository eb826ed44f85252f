import type { ClientBase, Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { validate as isUuid } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { assertRecordsExist } from './decideRecords.ts';
import { lockReviewedBatch, type ReviewedBatch } from './lockReviewedBatch.ts';
import { recordConditions, type Selection } from './reviewSelection.ts';

export interface AssignRecordsInput {
  readonly batchId: string;
  /** Row indexes, or a filter. */
  readonly selection: Selection<number>;
  /** The member whom the records shall wait for; null for nobody. */
  readonly assigneeId: string | null;
}

/**
 * Says whom records wait for.
 *
 * @returns how many are with somebody else than before
 * @throws `CONFLICT` where the batch is not under review; `BAD_USER_INPUT` for somebody who is no
 *   member, and for a record that is not there
 */
export async function assignRecords(pool: Pool, input: AssignRecordsInput): Promise<number> {
  const { selection, assigneeId } = input;
  return inTransaction(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    if ('keys' in selection) {
      const keys = selection.keys.map((rowIndex) => ({ rowIndex }));
      await assertRecordsExist(client, batch.id, keys, 'rows');
    }
    const selected =
      'keys' in selection
        ? sql`r.row_index = ANY(${selection.keys}::int[])`
        : recordConditions(selection.filter, batch);
    if (assigneeId === null) return unassign(client, batch, selected);
    await assertMember(client, batch.workspaceId, assigneeId);
    return assign(client, batch, selected, assigneeId);
  });
}

async function assertMember(
  client: ClientBase,
  workspaceId: string,
  userId: string,
): Promise<void> {
  const { rowCount } = isUuid(userId)
    ? await client.query(sql`
        SELECT FROM membership WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`)
    : { rowCount: 0 };
  if (rowCount === 1) return;
  throw badUserInput('input.assigneeId', 'This user is not a member of the workspace.');
}

async function assign(
  client: ClientBase,
  { id }: ReviewedBatch,
  selected: Sql,
  assigneeId: string,
): Promise<number> {
  const { rowCount } = await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index, assignee_id)
    SELECT r.batch_id, r.row_index, ${assigneeId}::uuid FROM staged_record r
    WHERE r.batch_id = ${id} AND ${selected}
    ORDER BY r.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET assignee_id = excluded.assignee_id
    WHERE s.assignee_id IS DISTINCT FROM excluded.assignee_id`);
  return rowCount ?? 0;
}

async function unassign(client: ClientBase, { id }: ReviewedBatch, selected: Sql): Promise<number> {
  const { rowCount } = await client.query(sql`
    UPDATE staged_record_state SET assignee_id = NULL
    WHERE batch_id = ${id} AND row_index IN (
      SELECT s.row_index FROM staged_record_state s
      JOIN staged_record r ON r.batch_id = s.batch_id AND r.row_index = s.row_index
      WHERE s.batch_id = ${id} AND s.assignee_id IS NOT NULL AND ${selected}
      ORDER BY s.row_index FOR NO KEY UPDATE OF s)`);
  return rowCount ?? 0;
}
