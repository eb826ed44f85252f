import type { ClientBase, Pool } from 'pg';
import sql, { empty, type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction, rehearse } from '../../../../platform/postgres/pool.ts';
import { isInProduction } from '../promotion/acceptedFindings.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { matchReopened } from '../staging/matchImported.ts';
import { completeReviewed, firstRowOf } from './completeReviewed.ts';
import {
  insertDecision,
  reviewerText,
  type StaleKey,
  staleVersionError,
  WHOLE_RECORD,
} from './decisionLog.ts';
import { lockReviewedBatch, type ReviewedBatch, reopenBatch } from './lockReviewedBatch.ts';
import { decidesOnRecords } from './recordStatus.ts';
import { recordConditions, type Selection } from './reviewSelection.ts';
import { type DecisionResult, skippedCounts } from './skipReasons.ts';

/** What people decide about a record as a whole. */
export const RECORD_DECISIONS = ['OPEN', 'ACCEPTED', 'REJECTED'] as const;
export type RecordDecision = (typeof RECORD_DECISIONS)[number];

/** A record that a reviewer names. */
export interface RecordKey {
  readonly rowIndex: number;
  /** The version that the reviewer saw; null where they take what there is. */
  readonly version: number | null;
}

export interface DecideRecordsInput {
  readonly batchId: string;
  readonly actorId: string;
  readonly decision: RecordDecision;
  readonly selection: Selection<RecordKey>;
  readonly comment: string | null;
  /** Only find out what the decision would come to, and change nothing. */
  readonly dryRun?: boolean;
}

/**
 * Decides on records as wholes, in batches that bring changes of their own: those named, or those
 * that a filter selects. A filter takes the undecided ones (for reopening: the decided ones), unless
 * it names a decision.
 *
 * @throws as decideFindings; `BAD_USER_INPUT` also for an audit, of which findings are decided
 */
export async function decideRecords(
  pool: Pool,
  input: DecideRecordsInput,
): Promise<DecisionResult> {
  const { decision, actorId, selection, dryRun = false } = input;
  const comment = reviewerText('comment', input.comment);
  const decided = await (dryRun ? rehearse : inTransaction)(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    if (!decidesOnRecords(batch)) {
      throw badUserInput('input.batchId', 'Of an audit, findings are decided, not records.');
    }
    if ('keys' in selection) await assertRecordsExist(client, batch.id, selection.keys);
    const decisionId = uuidv7();
    const rows = await withoutNestedLoops(client, async () => {
      await prepareStates(client, batch, input);
      return decideStates(client, batch, input, decisionId);
    });
    const stale = rows.find(({ reason }) => reason === 'STALE')?.stale ?? [];
    if (stale.length > 0) throw await staleVersionError(client, batch.id, stale);
    const decidedCount = rows.find(({ reason }) => reason === null)?.count ?? 0;
    if (decidedCount > 0) {
      await insertDecision(client, {
        id: decisionId,
        batchId: batch.id,
        actorId,
        decision,
        comment,
      });
      if (decision === 'OPEN') {
        const reopened = rows.find(({ reason }) => reason === null)?.decided ?? [];
        await matchReopened(client, batch, reopened);
      }
      if (decision !== 'REJECTED') await reopenBatch(client, batch);
    }
    return {
      decisionId: decidedCount > 0 && !dryRun ? decisionId : null,
      decidedCount,
      skipped: skippedCounts(new Map(rows.map(({ reason, count }) => [reason, count]))),
    };
  });
  if (!dryRun && decision !== 'OPEN') {
    await completeReviewed(pool, input.batchId, firstRowOf(selection));
  }
  return decided;
}

/** @throws `BAD_USER_INPUT` for the first record that the batch does not have */
export async function assertRecordsExist(
  client: ClientBase,
  batchId: string,
  keys: readonly Pick<RecordKey, 'rowIndex'>[],
  name = 'records',
): Promise<void> {
  const rowIndexes = keys.map(({ rowIndex }) => rowIndex);
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    SELECT row_index AS "rowIndex" FROM staged_record
    WHERE batch_id = ${batchId} AND row_index = ANY(${rowIndexes}::int[])`);
  const existing = new Set(rows.map(({ rowIndex }) => rowIndex));
  const index = rowIndexes.findIndex((rowIndex) => !existing.has(rowIndex));
  if (index < 0) return;
  throw badUserInput(`input.${name}.${index}`, `The batch has no record ${rowIndexes[index]}.`);
}

/** FROM and WHERE of the records `r` that a decision is about, beside the version seen, `w`. */
function sourceOf(batch: ReviewedBatch, { selection }: DecideRecordsInput): Sql {
  if ('keys' in selection) {
    return sql`
      FROM jsonb_to_recordset(${JSON.stringify(selection.keys)}::jsonb)
        AS w("rowIndex" int, version int)
      JOIN staged_record r ON r.row_index = w."rowIndex"
      WHERE r.batch_id = ${batch.id} ${isNamedRow(sql`r.row_index`, selection)}`;
  }
  // The decision is judged when the record is locked.
  const filter = { ...selection.filter, decision: null };
  return sql`
    FROM staged_record r CROSS JOIN (VALUES (NULL::int)) AS w(version)
    WHERE r.batch_id = ${batch.id} AND ${recordConditions(filter, batch)}`;
}

/** By the index: without nested loops, all rows of the batch would be read for one that is named. */
function isNamedRow(rowIndex: Sql, selection: DecideRecordsInput['selection']): Sql {
  if (!('keys' in selection)) return empty;
  return sql`AND ${rowIndex} = ANY(${selection.keys.map((key) => key.rowIndex)}::int[])`;
}

/** Whether a filter takes what has been decided so; judged on `s` when it is locked. */
function isInDecision({ selection, decision }: DecideRecordsInput): Sql {
  if ('keys' in selection) return sql`true`;
  const present = sql`coalesce(s.decision, 'OPEN')`;
  const { decision: wanted } = selection.filter;
  if (wanted) return sql`${present} = ${wanted}::finding_decision`;
  return decision === 'OPEN' ? sql`${present} <> 'OPEN'` : sql`${present} = 'OPEN'`;
}

/** Whether somebody else has decided otherwise, and the reviewer names no version that they saw. */
function isUnseen({ selection, decision, actorId }: DecideRecordsInput): Sql {
  if (!('keys' in selection) || decision === 'OPEN') return sql`false`;
  return sql`(seen IS NULL AND decision IN ('ACCEPTED', 'REJECTED')
    AND decision <> ${decision}::finding_decision AND decided_by_id IS DISTINCT FROM ${actorId}::uuid)`;
}

/**
 * Nothing is kept of most records; what two reviewers decide on must be there to be locked. Rows that
 * are there are locked in passing: whoever adds and locks rows does both in one pass in their order,
 * so that nobody waits for each other.
 */
async function prepareStates(
  client: ClientBase,
  batch: ReviewedBatch,
  input: DecideRecordsInput,
): Promise<void> {
  if ('filter' in input.selection && input.decision === 'OPEN') return;
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index)
    SELECT r.batch_id, r.row_index ${sourceOf(batch, input)}
    ORDER BY r.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET decision_version = s.decision_version`);
}

interface Row {
  /** Null for what was decided. */
  readonly reason: string | null;
  readonly count: number;
  readonly stale: readonly StaleKey[] | null;
  /** The rows of what was reopened. */
  readonly decided: readonly number[] | null;
}

/** Decides in one statement; see `decideLocked` for findings. */
async function decideStates(
  client: ClientBase,
  batch: ReviewedBatch,
  input: DecideRecordsInput,
  decisionId: string,
): Promise<readonly Row[]> {
  const { decision, actorId } = input;
  const { rows } = await client.query<Row>(sql`
    WITH wanted AS MATERIALIZED (
      SELECT r.row_index, w.version ${sourceOf(batch, input)}
    ), target AS (
      SELECT s.row_index, s.status, s.decision, s.decision_version AS version,
             s.decided_by_id, s.matched_id, s.match_kind, w.version AS seen
      FROM staged_record_state s JOIN wanted w ON w.row_index = s.row_index
      WHERE s.batch_id = ${batch.id} AND ${isInDecision(input)}
        ${isNamedRow(sql`s.row_index`, input.selection)}
      ORDER BY s.row_index
      FOR NO KEY UPDATE OF s
    ), classified AS MATERIALIZED (
      SELECT target.*, CASE
        WHEN version <> seen OR ${isUnseen(input)} THEN 'STALE'
        WHEN ${isApplied(batch, decision)} THEN 'ALREADY_APPLIED'
        WHEN status = 'INVALID' THEN 'INVALID_RECORD'
        WHEN match_kind = 'AMBIGUOUS' AND ${decision === 'ACCEPTED'} THEN 'AMBIGUOUS_RECORD'
        WHEN match_kind = 'UNCHANGED' AND status IS NULL THEN 'UNCHANGED_RECORD'
        WHEN status = 'REVERTED' AND ${decision === 'ACCEPTED'} THEN 'REVERTED_RECORD'
        WHEN coalesce(decision, 'OPEN') = ${decision}
          AND NOT (${decision === 'OPEN'} AND status IN ('FAILED', 'CONFLICT', 'REVERTED'))
          THEN 'ALREADY_DECIDED' END AS reason
      FROM target
    ), decided AS (
      UPDATE staged_record_state s
      SET decision = ${decision}::finding_decision, decision_version = s.decision_version + 1,
          decided_by_id = ${decision === 'OPEN' ? null : actorId}::uuid, edited_values = NULL,
          status = ${releasedStatus(decision)}, reason = CASE WHEN ${releasedStatus(decision)} IS NULL
            THEN NULL ELSE s.reason END
      FROM classified c
      WHERE s.batch_id = ${batch.id} AND s.row_index = c.row_index AND c.reason IS NULL
        ${isNamedRow(sql`s.row_index`, input.selection)}
      RETURNING s.row_index, s.decision_version
    ), entry AS (
      INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id)
      SELECT ${batch.id}::uuid, row_index, ${WHOLE_RECORD}::int, decision_version, ${decisionId}::uuid
      FROM decided
    )
    SELECT reason, count(*)::int AS count,
           CASE WHEN reason = 'STALE' THEN
             jsonb_agg(jsonb_build_object('rowIndex', row_index, 'ordinal', ${WHOLE_RECORD}::int,
               'seen', seen, 'version', version) ORDER BY row_index) END AS stale,
           CASE WHEN reason IS NULL AND ${decision === 'OPEN'} THEN array_agg(row_index) END AS decided
    FROM classified GROUP BY reason`);
  return rows;
}

/** The status that a decision leaves, as for findings: what was undone only goes on when reopened. */
function releasedStatus(decision: RecordDecision): Sql {
  return decision === 'OPEN'
    ? sql`NULL::record_status`
    : sql`nullif(s.status, 'FAILED'::record_status)`;
}

/**
 * Whether the record of a row of `target` is in production. One whose entity had all of its values
 * already can be reopened: it may have them no more.
 */
function isApplied({ id }: ReviewedBatch, decision: RecordDecision): Sql {
  if (decision !== 'OPEN') return sql`status = 'PROMOTED'`;
  return sql`status = 'PROMOTED' AND (matched_id IS NULL
    OR ${isInProduction(sql`${id}::uuid`, sql`target.row_index`)})`;
}
