import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { notFound } from '../../../../platform/errors.ts';
import { assertNotThinned, assertReviewable } from '../staging/batchLifecycle.ts';
import type { BatchStatus } from '../staging/stagedBatch.ts';

/** A batch that people decide on, as it is while it is locked. */
export interface ReviewedBatch {
  readonly id: string;
  readonly workspaceId: string;
  readonly profile: string;
  readonly status: BatchStatus;
  readonly thinnedAt: Date | null;
}

/**
 * Locks a batch for decisions until the transaction ends: reviewers don't wait for each other, but no
 * promotion or reversal begins in the middle. Comes before the locks on findings and records.
 *
 * A COMPLETED batch, which a decision may move on, is locked for its reviewer alone. The shared lock
 * is let go of first: of two who hold it, each would wait for the other.
 *
 * @throws `NOT_FOUND` where there is none with the id, `CONFLICT` where its status does not allow
 *   decisions
 */
export async function lockReviewedBatch(
  client: ClientBase,
  batchId: string,
): Promise<ReviewedBatch> {
  await client.query('SAVEPOINT before_batch_lock');
  let batch = await lock(client, batchId, 'FOR SHARE');
  if (batch.status === 'COMPLETED') {
    await client.query('ROLLBACK TO SAVEPOINT before_batch_lock');
    batch = await lock(client, batchId, 'FOR NO KEY UPDATE');
  }
  assertNotThinned(batch);
  assertReviewable(batch);
  return batch;
}

async function lock(
  client: ClientBase,
  batchId: string,
  strength: 'FOR SHARE' | 'FOR NO KEY UPDATE',
): Promise<ReviewedBatch> {
  const { rows } = await client.query<ReviewedBatch>(sql`
    SELECT id, workspace_id AS "workspaceId", profile, status, thinned_at AS "thinnedAt"
    FROM staged_batch WHERE id = ${batchId} ${raw(strength)}`);
  if (!rows[0]) throw notFound('staged batch');
  return rows[0];
}

/** Takes a locked batch from COMPLETED back to review, as there is something to do in it again. */
export async function reopenBatch(client: ClientBase, batch: ReviewedBatch): Promise<void> {
  if (batch.status !== 'COMPLETED') return;
  await client.query(sql`
    UPDATE staged_batch
    SET status = 'READY_FOR_REVIEW', finished_at = NULL, updated_at = now()
    WHERE id = ${batch.id}`);
}
