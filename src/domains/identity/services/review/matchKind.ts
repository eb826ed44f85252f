import sql, { type Sql } from 'sql-template-tag';
import type { MatchKind } from '../../generated/prisma/enums.ts';

/**
 * Whether a record is so matched, as a condition; of NEW ones nothing is kept, unless somebody chose
 * that. Those that wait for a choice have an index of their own.
 *
 * @param record - what the condition is about: an alias with batch_id and row_index
 */
export function hasMatchKind(kind: MatchKind, record: Sql): Sql {
  if (kind !== 'NEW') return stateWhere(record, sql`m.match_kind = ${kind}::match_kind`);
  return sql`(NOT ${stateWhere(record, sql`(m.match_kind <> 'NEW' OR m.status = 'INVALID')`)} AND EXISTS (
    SELECT FROM staged_batch_step p
    WHERE p.batch_id = ${record}.batch_id AND p.kind = 'PROCESS_RANGE' AND p.done_at IS NOT NULL
      AND p.first_row <= ${record}.row_index AND p.end_row > ${record}.row_index))`;
}

function stateWhere(record: Sql, condition: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM staged_record_state m
    WHERE m.batch_id = ${record}.batch_id AND m.row_index = ${record}.row_index AND ${condition})`;
}
