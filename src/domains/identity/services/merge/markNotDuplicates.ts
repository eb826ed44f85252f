import type { ClientBase, Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { selectNotDuplicates } from '../duplicates/notDuplicatePairs.ts';
import { completeReviewed } from '../review/completeReviewed.ts';
import { insertDecision, reviewerText } from '../review/decisionLog.ts';
import { lockReviewedBatch, type ReviewedBatch } from '../review/lockReviewedBatch.ts';
import type { DecisionResult } from '../review/skipReasons.ts';
import { type Cluster, clusterIds, DUPLICATE_RULE_IDS, lockCluster } from './mergeMembers.ts';

export interface MarkNotDuplicatesInput {
  readonly batchId: string;
  readonly actorId: string;
  /** No two of them are the same. */
  readonly entityIds: readonly string[];
  readonly comment: string | null;
}

/**
 * Remembers that no two of some entities are the same, for this audit and all later ones, until a
 * value changes by which one of them is compared. Findings of duplicates that name none but them are
 * rejected.
 *
 * @throws as `lockCluster`; `CONFLICT` where two of them are to be merged, or the batch is not under
 *   review
 */
export async function markNotDuplicates(
  pool: Pool,
  input: MarkNotDuplicatesInput,
): Promise<DecisionResult> {
  const comment = reviewerText('comment', input.comment);
  const ids = clusterIds('entityIds', input.entityIds);
  if (ids.length < 2) throw badUserInput('input.entityIds', 'Name at least two entities.');
  const decided = await inTransaction(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    const cluster = await lockCluster(client, batch, 'entityIds', ids);
    await assertNotToBeMerged(client, batch.id, ids);
    await insertPairs(client, batch, cluster, input.actorId);
    const decisionId = uuidv7();
    const decidedCount = await rejectEmptied(client, batch, cluster, {
      decisionId,
      actorId: input.actorId,
    });
    if (decidedCount === 0) return { decisionId: null, decidedCount, skipped: [] };
    await insertDecision(client, {
      id: decisionId,
      batchId: batch.id,
      actorId: input.actorId,
      decision: 'REJECTED',
      comment,
    });
    return { decisionId, decidedCount, skipped: [] };
  });
  await completeReviewed(pool, input.batchId, 0);
  return decided;
}

async function assertNotToBeMerged(
  client: ClientBase,
  batchId: string,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ survivorId: string }>(sql`
    SELECT survivor_id AS "survivorId" FROM merge m
    WHERE batch_id = ${batchId} AND NOT applied AND (
      SELECT count(*) FROM unnest(survivor_id || loser_ids) AS member
      WHERE member = ANY(${ids}::uuid[])) > 1
    LIMIT 1`);
  if (!rows[0]) return;
  throw new ExpectedError(
    'CONFLICT',
    `Two of these are to be merged into ${rows[0].survivorId}. Reopen the findings of that merge first.`,
    { survivorId: rows[0].survivorId },
  );
}

async function insertPairs(
  client: ClientBase,
  { workspaceId }: ReviewedBatch,
  { entityType, members }: Cluster,
  actorId: string,
): Promise<void> {
  const ids = members.map(({ entityId }) => entityId);
  await client.query(sql`
    WITH member AS (
      SELECT id, compared_values(e) AS fingerprint FROM ${raw(ENTITY_TABLES[entityType])} e
      WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])
    )
    INSERT INTO not_duplicate (workspace_id, entity_type, first_id, second_id, first_fingerprint,
      second_fingerprint, created_by_id)
    SELECT ${workspaceId}, ${entityType}::entity_type, a.id, b.id, a.fingerprint, b.fingerprint,
           ${actorId}
    FROM member a JOIN member b ON a.id < b.id
    ORDER BY a.id, b.id
    ON CONFLICT (workspace_id, entity_type, first_id, second_id) DO UPDATE
    SET first_fingerprint = excluded.first_fingerprint,
        second_fingerprint = excluded.second_fingerprint, created_by_id = excluded.created_by_id,
        created_at = now()
    WHERE (not_duplicate.first_fingerprint, not_duplicate.second_fingerprint)
      IS DISTINCT FROM (excluded.first_fingerprint, excluded.second_fingerprint)`);
}

/** @returns how many findings were rejected, as all that they named are no duplicates */
async function rejectEmptied(
  client: ClientBase,
  { id: batchId, workspaceId }: ReviewedBatch,
  { entityType, members }: Cluster,
  { decisionId, actorId }: { readonly decisionId: string; readonly actorId: string },
): Promise<number> {
  const ids = members.map(({ entityId }) => entityId);
  const { rowCount } = await client.query(sql`
    WITH apart AS MATERIALIZED (
      SELECT * FROM (${selectNotDuplicates(workspaceId, entityType)}) n
      WHERE n.first_id = ANY(${ids}::uuid[]) OR n.second_id = ANY(${ids}::uuid[])
    ), target AS (
      SELECT f.row_index, f.ordinal FROM finding f
      WHERE f.batch_id = ${batchId}
        AND f.row_index = ANY(${members.map(({ rowIndex }) => rowIndex)}::int[])
        AND f.rule_id = ANY(${DUPLICATE_RULE_IDS}::text[])
        AND f.decision = 'OPEN' AND f.related_count = cardinality(f.related_entity_ids)
        AND NOT EXISTS (
          SELECT FROM unnest(f.related_entity_ids) AS related
          WHERE NOT EXISTS (
            SELECT FROM apart n
            WHERE n.first_id = least(f.entity_id, related)
              AND n.second_id = greatest(f.entity_id, related)))
      ORDER BY f.row_index, f.ordinal FOR NO KEY UPDATE
    ), decided AS (
      UPDATE finding f
      SET decision = 'REJECTED', version = f.version + 1, decided_by_id = ${actorId}
      FROM target t
      WHERE f.batch_id = ${batchId} AND f.row_index = t.row_index AND f.ordinal = t.ordinal
      RETURNING f.row_index, f.ordinal, f.version
    )
    INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id)
    SELECT ${batchId}, row_index, ordinal, version, ${decisionId} FROM decided`);
  return rowCount ?? 0;
}
