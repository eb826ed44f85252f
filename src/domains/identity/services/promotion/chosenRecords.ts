import type { ClientBase } from 'pg';
import sql, { empty, type Sql } from 'sql-template-tag';
import { profileByName } from '../../profiles/registry.ts';
import { REFERENCE_RULE_IDS } from '../../rules/referenceRules.ts';
import type { RunScope } from '../staging/batchRun.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { isLiveChange, isUnapplied, mayPromote, type Promoter } from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';

/*
 * Imports and archive batches bring changes of their own: what is decided is the record as a whole.
 * A record is promoted once, so all that was decided about it has to be ready at that time.
 */

/** Whether a column lies in a range of rows; in any where none is given. */
export function isWithin(column: Sql, rows?: Rows): Sql {
  return rows ? sql`AND ${column} >= ${rows.firstRow} AND ${column} < ${rows.endRow}` : empty;
}

/** Whether a column is one of the rows that a run names; any where it names none. */
export function isNamed(column: Sql, { rowIndexes }: RunScope): Sql {
  return rowIndexes ? sql`AND ${column} = ANY(${rowIndexes}::int[])` : empty;
}

/** Whether a finding `f` is an error that people decide on; references are followed by the promotion itself. */
export const isError = sql`(f.severity = 'ERROR' AND f.rule_id <> ALL (${REFERENCE_RULE_IDS}::text[]))`;

/**
 * FROM and WHERE of the records `s` of which something is known, with what was `found` on them and
 * which of them have `made` or changed something in production.
 */
export function knownRecords(batch: StagedBatch, promoter: Promoter, rows?: Rows): Sql {
  return sql`
    FROM staged_record_state s
    JOIN staged_record r ON r.batch_id = s.batch_id AND r.row_index = s.row_index
    LEFT JOIN (
      SELECT f.row_index, bool_or(${isError}) AS has_error,
             bool_or(${isError} AND f.decision = 'OPEN') AS has_open_error,
             bool_or(${isUnapplied} AND NOT ${mayPromote(promoter, sql`f.decided_by_id`)})
               AS waits_for_others
      FROM finding f WHERE f.batch_id = ${batch.id} ${isWithin(sql`f.row_index`, rows)}
      GROUP BY f.row_index
    ) found ON found.row_index = s.row_index
    LEFT JOIN (
      SELECT DISTINCT change.row_index FROM entity_change change
      WHERE change.batch_id = ${batch.id} ${isWithin(sql`change.row_index`, rows)}
        AND ${isLiveChange}
    ) made ON made.row_index = s.row_index
    WHERE s.batch_id = ${batch.id} AND r.batch_id = ${batch.id}
      ${isWithin(sql`s.row_index`, rows)} ${isWithin(sql`r.row_index`, rows)}`;
}

/** Where several entities may be meant, nobody has said what would change; an unchanged row brings nothing. */
const bringsChange = sql`(s.match_kind IS NULL OR s.match_kind IN ('NEW', 'UPDATE'))`;

const waits = sql`((s.status IS NULL OR s.status = 'FAILED') AND made.row_index IS NULL
  AND ${bringsChange})`;

/** Whether a known record was accepted and is not in production yet. */
export const isAcceptedRecord = sql`(s.decision = 'ACCEPTED' AND ${waits}
  AND found.has_open_error IS NOT TRUE)`;

/**
 * Whether records of a batch go to production without a decision. Where two people are wanted, none
 * does, even if that was wanted only after the import.
 */
export function promotesUndecided({ autoPromote }: StagedBatch, { fourEyes }: Promoter): boolean {
  return autoPromote && !fourEyes;
}

/** Whether a known record goes to production, or tries again to, without a decision. */
export function isPromotedUndecided(batch: StagedBatch, promoter: Promoter): Sql {
  return sql`(${promotesUndecided(batch, promoter)} AND s.decision IS NULL AND ${waits} AND found.has_error IS NOT TRUE)`;
}

/** Whether all that was decided about a known record may be promoted by somebody. */
export function mayPromoteRecord(promoter: Promoter): Sql {
  return sql`(${mayPromote(promoter, sql`s.decided_by_id`)} AND found.waits_for_others IS NOT TRUE)`;
}

/**
 * How many records would go to production, were it not for findings of severity ERROR: accepted ones
 * have one that is open, and undecided ones of an autoPromote have any.
 */
export async function countOpenErrors(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  scope: RunScope = {},
): Promise<number> {
  if (profileByName(batch.profile).kind !== 'import') return 0;
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT ((
      SELECT count(*) ${knownRecords(batch, promoter)}
        AND s.decision = 'ACCEPTED' AND ${waits} AND found.has_open_error
        ${isNamed(sql`s.row_index`, scope)}
    ) + (
      SELECT count(DISTINCT f.row_index) FROM finding f
      LEFT JOIN staged_record_state s ON s.batch_id = f.batch_id AND s.row_index = f.row_index
      WHERE ${promotesUndecided(batch, promoter)} AND f.batch_id = ${batch.id}
        AND ${isError} AND s.decision IS NULL
        AND (s.status IS NULL OR s.status = 'FAILED') AND ${bringsChange}
        ${isNamed(sql`f.row_index`, scope)}
    ))::int AS count`);
  return rows[0]?.count ?? 0;
}
