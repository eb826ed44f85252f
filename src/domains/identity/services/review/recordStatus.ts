import sql, { type Sql } from 'sql-template-tag';
import type { RecordStatus } from '../../generated/prisma/enums.ts';
import { profileByName } from '../../profiles/registry.ts';

/** Statuses that are kept; the others are derived from decisions and from what has been processed. */
export const KEPT_STATUSES: readonly RecordStatus[] = [
  'INVALID',
  'PROMOTED',
  'CONFLICT',
  'FAILED',
  'REVERTED',
];

/** Whether the records of a batch are decided on as a whole: those that bring changes of their own. */
export function decidesOnRecords({ profile }: { readonly profile: string }): boolean {
  return profileByName(profile).kind !== 'audit';
}

/**
 * Whether a record has a status, as a condition.
 *
 * @param record - what the conditions are about: an alias with batch_id and row_index, `f` or `r`
 */
export function hasRecordStatus(
  status: RecordStatus,
  record: Sql,
  batch: { readonly profile: string },
): Sql {
  if (KEPT_STATUSES.includes(status)) {
    return stateWhere(record, sql`s.status = ${status}::record_status`);
  }
  const derived = sql`NOT ${stateWhere(record, sql`s.status IS NOT NULL`)}`;
  const conditions = decidesOnRecords(batch) ? ofDecidedRecords(record) : ofFindings(record);
  return sql`(${derived} AND ${conditions[status] ?? sql`false`})`;
}

function stateWhere(record: Sql, condition: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM staged_record_state s
    WHERE s.batch_id = ${record}.batch_id AND s.row_index = ${record}.row_index AND ${condition})`;
}

function hasOpenFinding(record: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM finding o
    WHERE o.batch_id = ${record}.batch_id AND o.row_index = ${record}.row_index
      AND o.decision = 'OPEN')`;
}

function isProcessed(record: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM staged_batch_step p
    WHERE p.batch_id = ${record}.batch_id AND p.kind = 'PROCESS_RANGE' AND p.done_at IS NOT NULL
      AND p.first_row <= ${record}.row_index AND p.end_row > ${record}.row_index)`;
}

/** In an audit, a record is what its findings are. */
function ofFindings(record: Sql): Partial<Record<RecordStatus, Sql>> {
  const hasFinding = sql`EXISTS (
    SELECT FROM finding any_of
    WHERE any_of.batch_id = ${record}.batch_id AND any_of.row_index = ${record}.row_index)`;
  return {
    NEEDS_REVIEW: hasOpenFinding(record),
    DECIDED: sql`(${hasFinding} AND NOT ${hasOpenFinding(record)})`,
    PASSED: sql`(NOT ${hasFinding} AND ${isProcessed(record)})`,
    PENDING: sql`(NOT ${hasFinding} AND NOT ${isProcessed(record)})`,
  };
}

/** Elsewhere it waits until it is decided on as a whole; one that is not wanted needs nothing more. */
function ofDecidedRecords(record: Sql): Partial<Record<RecordStatus, Sql>> {
  const decided = sql`(
    ${stateWhere(record, sql`s.decision = 'REJECTED'`)}
    OR (${stateWhere(record, sql`s.decision = 'ACCEPTED'`)} AND NOT ${hasOpenFinding(record)}))`;
  const unchanged = stateWhere(record, sql`s.match_kind = 'UNCHANGED'`);
  return {
    NEEDS_REVIEW: sql`(${isProcessed(record)} AND NOT ${decided} AND NOT ${unchanged})`,
    DECIDED: decided,
    PASSED: unchanged,
    PENDING: sql`NOT ${isProcessed(record)}`,
  };
}
