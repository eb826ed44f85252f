import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import type { FindingDecision, RecordStatus } from '../../generated/prisma/enums.ts';
import { duplicateRules } from '../../rules/catalogue.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StaleKey } from './decisionLog.ts';
import type { ReviewedBatch } from './lockReviewedBatch.ts';
import { changesTerms, type WaiverTerms, waivers } from './waiverStatement.ts';

/** A decision as the statement carries it out. */
export interface FindingStatement {
  readonly batch: ReviewedBatch;
  readonly decisionId: string;
  readonly actorId: string;
  readonly decision: FindingDecision;
  /** Whether the findings are named one by one, rather than selected by what is decided on them. */
  readonly areNamed: boolean;
  /** Whether likely suggestions are accepted too where findings are not named one by one. */
  readonly includeLikely: boolean;
  /** Of a decision WAIVED. */
  readonly waiver: WaiverTerms | null;
  /** The merges that come apart with it; their findings are all among those decided on. */
  readonly mergeIds: readonly string[];
  /**
   * FROM and WHERE of what is decided on: findings `f`, beside the version that was seen and the
   * value that was edited, `w`.
   */
  readonly source: Sql;
}

/** What the statement did. */
export interface StatementResult {
  readonly decidedCount: number;
  /** How many were left as they were, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Those that somebody has decided on since they were seen. */
  readonly stale: readonly StaleKey[];
}

const STALE = 'STALE';

const duplicateRuleIds = duplicateRules.map(({ id }) => id);

/**
 * Decides on findings in one statement: locks them in the order of their keys, sorts out which can
 * be decided, and changes these together with all that hangs on them. Whether they are few or all of
 * a large audit, it is one round trip.
 *
 * PostgreSQL reads a row that another reviewer has just changed anew when the lock on it is granted,
 * so the reasons, and the version that is raised, are always those of the latest decision.
 */
export async function decideLocked(
  client: ClientBase,
  statement: FindingStatement,
): Promise<StatementResult> {
  const { batch, decision, decisionId, actorId } = statement;
  const decide = sql`
    WITH target AS (
      SELECT f.row_index, f.ordinal, f.entity_id, f.rule_id, f.rule_version, f.field,
             f.current_value, f.suggested_value, f.suggestion_certainty, f.edited_value, f.decision,
             f.decided_by_id, f.version, f.applied, f.unchanged, f.merge_id,
             w.version AS seen, w.value,
             (SELECT s.status FROM staged_record_state s
              WHERE s.batch_id = f.batch_id AND s.row_index = f.row_index) AS status
      ${statement.source}
      ORDER BY f.row_index, f.ordinal
      FOR NO KEY UPDATE OF f
    ), classified AS MATERIALIZED (
      SELECT target.*, nullif(value, suggested_value) AS edit, ${skipReason(statement)} AS reason
      FROM target
    ), decided AS (
      UPDATE finding f
      SET decision = ${decision}::finding_decision, version = f.version + 1,
          edited_value = ${decision === 'ACCEPTED' ? sql`c.edit` : sql`NULL`}, merge_id = NULL,
          applied = false, unchanged = false,
          decided_by_id = ${decision === 'OPEN' ? null : actorId}::uuid
      FROM classified c
      WHERE f.batch_id = ${batch.id} AND f.row_index = c.row_index AND f.ordinal = c.ordinal
        AND c.reason IS NULL
        -- By the index: without nested loops, all findings of the batch would be read for one of them.
        AND f.row_index = ANY (ARRAY (SELECT row_index FROM classified WHERE reason IS NULL))
      RETURNING f.row_index, f.ordinal, f.version, f.edited_value, f.entity_type, f.entity_id,
                f.rule_id, f.rule_version, f.field, f.current_value, c.decision AS before
    ), entry AS (
      INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id, edited_value)
      SELECT ${batch.id}::uuid, row_index, ordinal, version, ${decisionId}::uuid, edited_value
      FROM decided
    ), ${releasedRecords(statement)}, ${waivers(statement)}, parted AS (
      DELETE FROM merge WHERE id = ANY(${statement.mergeIds}::uuid[]) AND NOT applied
    )
    SELECT reason, count(*)::int AS count,
           CASE WHEN reason = ${STALE} THEN
             (jsonb_agg(jsonb_build_object('rowIndex', row_index, 'ordinal', ordinal,
               'seen', seen, 'version', version) ORDER BY row_index, ordinal)) END AS stale
    FROM classified GROUP BY reason`;
  return withoutNestedLoops(client, async () => resultOf((await client.query<Row>(decide)).rows));
}

interface Row {
  /** Null for what was decided. */
  readonly reason: string | null;
  readonly count: number;
  readonly stale: readonly StaleKey[] | null;
}

function resultOf(rows: readonly Row[]): StatementResult {
  const skipped = new Map<string, number>();
  let decidedCount = 0;
  let stale: readonly StaleKey[] = [];
  for (const row of rows) {
    if (row.reason === null) decidedCount = row.count;
    else if (row.reason === STALE) stale = row.stale ?? [];
    else skipped.set(row.reason, row.count);
  }
  return { decidedCount, skipped, stale };
}

/** Why a finding of `target` can't be decided so; null where it can. */
function skipReason(statement: FindingStatement): Sql {
  const { decision, mergeIds, actorId, areNamed, includeLikely } = statement;
  const isSame =
    decision === 'WAIVED'
      ? sql`(decision = 'WAIVED' AND NOT ${changesTerms(statement)})`
      : sql`decision = ${decision}::finding_decision`;
  // Who names no version has seen no decision of somebody else, and would overwrite it unawares.
  const isUnseen =
    areNamed && decision !== 'OPEN'
      ? sql`seen IS NULL AND decision <> 'OPEN' AND NOT ${isSame}
          AND decided_by_id IS DISTINCT FROM ${actorId}::uuid`
      : sql`false`;
  const always = sql`
    WHEN version <> seen THEN ${STALE}
    WHEN applied AND NOT unchanged THEN 'ALREADY_APPLIED'
    WHEN merge_id IS NOT NULL AND NOT merge_id = ANY(${mergeIds}::uuid[]) THEN 'PART_OF_MERGE'
    WHEN ${isUnseen} THEN ${STALE}`;
  if (decision !== 'ACCEPTED') {
    return sql`CASE ${always} WHEN ${isSame} THEN 'ALREADY_DECIDED' END`;
  }
  // Who names a finding has looked at it; who filters has not.
  const isOverlooked = !areNamed && !includeLikely;
  return sql`CASE ${always}
    WHEN status = 'REVERTED' THEN 'REVERTED_RECORD'
    WHEN rule_id = ANY(${duplicateRuleIds}::text[]) THEN 'DUPLICATE'
    WHEN coalesce(value, suggested_value) IS NULL THEN 'NO_SUGGESTED_VALUE'
    WHEN decision = 'ACCEPTED' AND edited_value IS NOT DISTINCT FROM nullif(value, suggested_value)
      THEN 'ALREADY_DECIDED'
    WHEN ${isOverlooked} AND suggestion_certainty = 'LIKELY' THEN 'LIKELY_SUGGESTION' END`;
}

/** Whether nothing that a record `s` has brought to production is there through it. */
const hasChangedNothing = sql`(NOT EXISTS (
    SELECT FROM entity_change c
    WHERE c.batch_id = s.batch_id AND c.row_index = s.row_index
      AND NOT c.reverted AND c.kind <> 'REVERTED')
  AND NOT EXISTS (
    SELECT FROM finding own
    WHERE own.batch_id = s.batch_id AND own.row_index = s.row_index
      AND own.applied AND NOT own.unchanged))`;

/**
 * Records whose stored status no longer says how things stand get the derived one back. What was
 * undone, or is in conflict, only goes on when it is reopened; what failed, with any new decision, and
 * so does a promoted one of which nothing is left that the batch has changed.
 */
function releasedRecords({ batch, decision }: FindingStatement): Sql {
  const released: readonly RecordStatus[] =
    decision === 'OPEN' ? ['FAILED', 'CONFLICT', 'REVERTED'] : ['FAILED'];
  return sql`released AS (
    UPDATE staged_record_state SET status = NULL, reason = NULL
    WHERE batch_id = ${batch.id} AND row_index IN (
      SELECT row_index FROM staged_record_state s
      WHERE batch_id = ${batch.id} AND row_index IN (SELECT row_index FROM decided)
        AND (status = ANY(${released}::record_status[]) OR status = 'PROMOTED' AND ${hasChangedNothing})
      ORDER BY row_index FOR NO KEY UPDATE)
  )`;
}
