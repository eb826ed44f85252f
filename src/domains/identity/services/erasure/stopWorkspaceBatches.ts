import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { ExpectedError } from '../../../../platform/errors.ts';
import { RESTING } from '../staging/batchLifecycle.ts';
import { assertNothingUnderWay } from '../staging/batchRun.ts';
import type { BatchStatus } from '../staging/stagedBatch.ts';

export interface WorkspaceBatch {
  readonly id: string;
  readonly title: string;
  readonly profile: string;
  readonly status: BatchStatus;
  readonly recordCount: number;
}

/**
 * Locks all batches of a workspace until the transaction ends, so that nothing is decided on them and
 * no promotion or reversal begins.
 *
 * @throws `CONFLICT` for the first that is being staged, processed, promoted or reverted
 */
export async function stopWorkspaceBatches(
  client: ClientBase,
  workspaceId: string,
): Promise<readonly WorkspaceBatch[]> {
  const { rows } = await client.query<WorkspaceBatch>(sql`
    SELECT id, title, profile, status, record_count AS "recordCount" FROM staged_batch
    WHERE workspace_id = ${workspaceId} ORDER BY id FOR UPDATE`);
  const running = rows.find(({ status }) => !RESTING.includes(status));
  if (running) {
    const { id, title, status } = running;
    throw new ExpectedError(
      'CONFLICT',
      `The batch "${title}" (${id}) is ${status}, and might write the person again. Wait until it rests, or cancel it.`,
      { batchId: id, status },
    );
  }
  await assertNothingUnderWay(
    client,
    rows.map(({ id }) => id),
  );
  return rows;
}
