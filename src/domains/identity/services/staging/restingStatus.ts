import type { ClientBase, Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { profileByName } from '../../profiles/registry.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Where a batch comes to rest after a promotion, a reversal or a decision: COMPLETED when nothing is
 * left to decide on or to apply. What was undone is left alone until somebody reopens it.
 */
export async function restingStatus(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'profile' | 'recordCount'>,
): Promise<'READY_FOR_REVIEW' | 'COMPLETED'> {
  // Of a million imported records, counting takes a tenth of the time of asking for each of them.
  const anyRecord = sql`${batch.recordCount}::int > (
    SELECT count(*) FROM staged_record_state s WHERE s.batch_id = ${batch.id} AND ${isSettled})`;
  return (await isAny(client, batch, anyRecord, 0)) ? 'READY_FOR_REVIEW' : 'COMPLETED';
}

/**
 * Whether something is left to decide on or to apply, from a row on. Reads in the order of the rows,
 * which their primary keys give, and no further than the first that is left: also in a batch that
 * the planner knows nothing of yet.
 */
export function isAnythingLeft(
  client: ClientBase | Pool,
  batch: Pick<StagedBatch, 'id' | 'profile'>,
  firstRow: number,
): Promise<boolean> {
  const anyRecord = sql`coalesce((
    SELECT true FROM staged_record r
    WHERE r.batch_id = ${batch.id} AND r.row_index >= ${firstRow} AND NOT ${stateOf(sql`r`, isSettled)}
    ORDER BY r.row_index LIMIT 1), false)`;
  return isAny(client, batch, anyRecord, firstRow);
}

/**
 * Whether a record's state `s` says that nothing is left to do about a record as a whole. With one
 * that can't be read nothing can be done: it is corrected where it came from, and imported again.
 */
const isSettled = sql`(s.status IN ('PROMOTED', 'REVERTED', 'INVALID') OR s.decision = 'REJECTED'
  OR s.status IS NULL AND s.match_kind = 'UNCHANGED')`;

/** @param anyRecord - whether a record of a batch that brings changes of its own is left */
async function isAny(
  client: ClientBase | Pool,
  { id, profile }: Pick<StagedBatch, 'id' | 'profile'>,
  anyRecord: Sql,
  firstRow: number,
): Promise<boolean> {
  const isAudit = profileByName(profile).kind === 'audit';
  const { rows } = await client.query<{ any: boolean }>(sql`
    SELECT EXISTS (
      SELECT FROM staged_record_state
      WHERE batch_id = ${id} AND status IN ('CONFLICT', 'FAILED')
    ) OR ${isAudit ? sql`false` : anyRecord} OR coalesce((
      SELECT true FROM finding f
      WHERE f.batch_id = ${id} AND f.row_index >= ${firstRow}
        AND (f.decision = 'ACCEPTED' AND NOT f.applied
               AND coalesce(f.edited_value, f.suggested_value, f.merge_id::text) IS NOT NULL
             OR f.decision = 'OPEN' AND ${isAudit})
        AND NOT ${stateOf(sql`f`, sql`s.status IN ('REVERTED', 'INVALID') OR s.decision = 'REJECTED'`)}
      ORDER BY f.row_index, f.ordinal LIMIT 1
    ), false) AS any`);
  return rows[0]?.any ?? false;
}

/** As a value and not EXISTS: that would be joined, and all of one side read first. */
function stateOf(record: Sql, condition: Sql): Sql {
  return sql`coalesce((
    SELECT ${condition} FROM staged_record_state s
    WHERE s.batch_id = ${record}.batch_id AND s.row_index = ${record}.row_index), false)`;
}
