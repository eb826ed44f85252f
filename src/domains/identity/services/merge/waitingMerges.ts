import sql, { type Sql } from 'sql-template-tag';
import type { Promoter } from '../promotion/acceptedFindings.ts';

/** Whether a merge `m` is decided on and not in production, and its record does not wait for people. */
export const isWaitingMerge: Sql = sql`(NOT m.applied
  AND NOT EXISTS (
    SELECT FROM finding f
    WHERE f.batch_id = m.batch_id AND f.merge_id = m.id AND f.decision <> 'ACCEPTED')
  AND NOT EXISTS (
    SELECT FROM staged_record_state s
    WHERE s.batch_id = m.batch_id AND s.row_index = m.row_index
      AND s.status IN ('CONFLICT', 'INVALID', 'REVERTED')))`;

/** Whether a merge `m` may be promoted by somebody. */
export function mayPromoteMerge({ actorId, fourEyes }: Promoter): Sql {
  return fourEyes ? sql`m.created_by_id <> ${actorId}::uuid` : sql`true`;
}
