import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput, ExpectedError, notFound } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { ContactKind } from '../../generated/prisma/enums.ts';
import { reviewerText } from '../review/decisionLog.ts';
import { restingStatus } from '../staging/restingStatus.ts';
import { moveStagedBatch } from '../staging/stagedBatch.ts';
import { collectErasedRows } from './erasedRows.ts';
import { findMergeFamily } from './mergeFamily.ts';
import { eraseContacts } from './redactContacts.ts';
import { redactHistory } from './redactHistory.ts';
import { redactReferences } from './redactReferences.ts';
import { redactReview } from './redactReview.ts';
import { stopWorkspaceBatches, type WorkspaceBatch } from './stopWorkspaceBatches.ts';

export interface ErasePersonInput {
  readonly contactId: string;
  readonly actorId: string;
  /** Why, such as the number of the request; it is kept with the history and must not name the person. */
  readonly reason: string;
}

/** One person who is being erased: all contacts that were merged into one, whichever was named. */
export interface Erasure {
  readonly workspaceId: string;
  readonly contactIds: readonly string[];
  readonly actorId: string;
  readonly reason: string;
  readonly erasedAt: Date;
  /** What stands in place of texts that may quote the person. */
  readonly text: string;
  readonly batches: readonly WorkspaceBatch[];
}

/**
 * Redacts a person wherever they are recorded: the contact and all that were merged with it, imported
 * rows, findings, decisions, waivers, history and ledger. One transaction, and the one change of
 * production that passes no review, since nothing could undo it.
 *
 * @returns the ids of the contacts that were erased
 * @throws `NOT_FOUND`; `BAD_USER_INPUT` for an organisation, or no reason; `CONFLICT` where the person
 *   was erased before, and while a batch of the workspace is worked on: it might write them again
 */
export async function erasePerson(
  pool: Pool,
  { contactId, actorId, reason }: ErasePersonInput,
): Promise<readonly string[]> {
  const given = reviewerText('reason', reason);
  if (given === null) {
    throw badUserInput('input.reason', 'Say why, such as the number of the request.');
  }
  return inTransaction(pool, async (client) => {
    const workspaceId = await lockWorkspaceOf(client, contactId);
    const batches = await stopWorkspaceBatches(client, workspaceId);
    await assertMayBeErased(client, contactId);
    const erasedAt = new Date();
    const erasure: Erasure = {
      ...{ workspaceId, actorId, reason: given, erasedAt, batches },
      contactIds: await findMergeFamily(client, workspaceId, contactId),
      text: `The person was erased on ${erasedAt.toISOString().slice(0, 10)}.`,
    };
    // Batches are locked, so findings and states come before entities, as everywhere.
    await collectErasedRows(client, erasure);
    await redactReview(client, erasure);
    await redactReferences(client, erasure);
    await redactHistory(client, erasure);
    await eraseContacts(client, erasure);
    await completeBatches(client, batches);
    return erasure.contactIds;
  });
}

/** Moves on the batches that waited for nothing but the person. */
async function completeBatches(
  client: ClientBase,
  batches: readonly WorkspaceBatch[],
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    sql`SELECT DISTINCT batch_id AS id FROM erased_row`,
  );
  const touched = new Set(rows.map(({ id }) => id));
  for (const batch of batches) {
    if (batch.status !== 'READY_FOR_REVIEW' || !touched.has(batch.id)) continue;
    const status = await restingStatus(client, batch);
    if (status === 'COMPLETED') await moveStagedBatch(client, batch, status);
  }
}

/** No batch begins in the workspace until the transaction ends: a new one refers to it. */
async function lockWorkspaceOf(client: ClientBase, contactId: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(sql`
    SELECT id FROM workspace
    WHERE id = (SELECT workspace_id FROM third_party WHERE id = ${contactId}) FOR UPDATE`);
  if (!rows[0]) throw notFound('contact');
  return rows[0].id;
}

async function assertMayBeErased(client: ClientBase, contactId: string): Promise<void> {
  const { rows } = await client.query<{ kind: ContactKind; erasedAt: Date | null }>(sql`
    SELECT kind, erased_at AS "erasedAt" FROM third_party WHERE id = ${contactId}`);
  if (rows[0]?.kind !== 'PERSON') {
    throw badUserInput(
      'input.contactId',
      'This contact is an organisation, and only persons are erased. Archive it instead.',
    );
  }
  const { erasedAt } = rows[0];
  if (erasedAt === null) return;
  throw new ExpectedError(
    'CONFLICT',
    `The person was erased on ${erasedAt.toISOString().slice(0, 10)} already.`,
  );
}
