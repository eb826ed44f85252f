import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import { AUDIT_PROFILES } from '../../profiles/registry.ts';
import { selectRecords } from '../staging/selectRecords.ts';
import type { StagedRecord } from '../staging/stagedRecords.ts';

/** Where a record stands in a reviewer's queue. */
export type QueuePosition = Pick<StagedRecord, 'batchId' | 'rowIndex'>;

/**
 * One page of the records of a workspace that wait for a member: those assigned to them which need
 * review, are in conflict or have failed; the oldest batches first.
 */
export async function listReviewQueue(
  pool: Pool,
  { workspaceId, assigneeId }: { readonly workspaceId: string; readonly assigneeId: string },
  { after, before, limit, backwards }: KeysetPage<QueuePosition>,
): Promise<readonly StagedRecord[]> {
  const direction = raw(backwards ? 'DESC' : 'ASC');
  // The index on what is assigned has these records in this order.
  const { rows } = await pool.query<StagedRecord>(sql`
    WITH page AS (
      SELECT s.batch_id, s.row_index
      FROM staged_record_state s JOIN staged_batch b ON b.id = s.batch_id
      WHERE s.assignee_id = ${assigneeId} AND b.workspace_id = ${workspaceId}
        AND b.status IN ('READY_FOR_REVIEW', 'PROMOTING', 'REVERTING', 'COMPLETED')
        AND ${after ? sql`(s.batch_id, s.row_index) > (${after.batchId}::uuid, ${after.rowIndex}::int)` : sql`true`}
        AND ${before ? sql`(s.batch_id, s.row_index) < (${before.batchId}::uuid, ${before.rowIndex}::int)` : sql`true`}
        AND (s.status IN ('CONFLICT', 'FAILED') OR s.status IS NULL AND ${needsReview})
      ORDER BY s.batch_id ${direction}, s.row_index ${direction}
      LIMIT ${limit}
    )
    ${selectRecords}
    ORDER BY r.batch_id ${direction}, r.row_index ${direction}`);
  return rows;
}

/** The same as in `recordStatus.ts`, where the batch is known. */
const hasOpenFinding = sql`EXISTS (
  SELECT FROM finding o
  WHERE o.batch_id = s.batch_id AND o.row_index = s.row_index AND o.decision = 'OPEN')`;
const needsReview = sql`CASE
  WHEN b.profile = ANY(${AUDIT_PROFILES}::text[]) THEN ${hasOpenFinding}
  WHEN s.decision = 'REJECTED' OR s.match_kind = 'UNCHANGED' THEN false
  WHEN s.decision = 'ACCEPTED' THEN ${hasOpenFinding}
  ELSE true END`;
