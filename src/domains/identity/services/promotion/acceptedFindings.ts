import sql, { type Sql } from 'sql-template-tag';

/** Who a promotion is for. */
export interface Promoter {
  readonly actorId: string;
  /** Whether what the actor decided is left for somebody else to promote. */
  readonly fourEyes: boolean;
}

/** What an accepted finding `f` puts into its field: a text, where an empty one stands for no value. */
export const acceptedValue = sql`coalesce(f.edited_value, f.suggested_value)`;

/**
 * Whether a finding `f` is accepted and no change of its batch has put it into production. One whose
 * value was there already is looked at again: what had put it there may have been undone since. One
 * that was accepted with a merge is applied by it, and one without a value changes nothing.
 */
export const isUnapplied = sql`(f.decision = 'ACCEPTED' AND (NOT f.applied OR f.unchanged)
  AND f.merge_id IS NULL AND ${acceptedValue} IS NOT NULL)`;

/** Whether what `decidedBy` decided may be promoted by somebody. */
export function mayPromote({ actorId, fourEyes }: Promoter, decidedBy: Sql): Sql {
  return fourEyes ? sql`${decidedBy} IS DISTINCT FROM ${actorId}::uuid` : sql`true`;
}

/** Whether a finding `f` is to be applied, as far as its record's state allows. */
export function isApplicable(promoter: Promoter): Sql {
  return sql`(${isUnapplied} AND ${mayPromote(promoter, sql`f.decided_by_id`)})`;
}

/**
 * Whether a record waits for people before it can be promoted: a conflict until it is resolved, what
 * was undone until somebody decides on it anew.
 */
export function isStuck(batchId: Sql, rowIndex: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM staged_record_state stuck
    WHERE stuck.batch_id = ${batchId} AND stuck.row_index = ${rowIndex}
      AND stuck.status IN ('CONFLICT', 'INVALID', 'REVERTED'))`;
}

/** Whether `change` is what a record of its batch did to production, and has not been undone. */
export const isLiveChange = sql`(change.kind <> 'REVERTED' AND NOT change.reverted)`;

/** Whether something that a record has changed in production has not been undone. */
export function isInProduction(batchId: Sql, rowIndex: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM entity_change change
    WHERE change.batch_id = ${batchId} AND change.row_index = ${rowIndex} AND ${isLiveChange})`;
}

/**
 * Joins an applicable finding `f` of an import with the entity that an earlier promotion `made` of its
 * record, or changed through it.
 */
export const joinMadeEntity = sql`JOIN staged_record_state made
  ON made.batch_id = f.batch_id AND made.row_index = f.row_index
    AND (made.status = 'PROMOTED' OR (made.status IS NULL OR made.status = 'FAILED')
      AND ${isInProduction(sql`f.batch_id`, sql`f.row_index`)})`;
