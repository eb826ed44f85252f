import type { ClientBase, Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction, rehearse } from '../../../../platform/postgres/pool.ts';
import type { FindingDecision } from '../../generated/prisma/enums.ts';
import { completeReviewed, firstRowOf } from './completeReviewed.ts';
import { insertDecision, reviewerText, staleVersionError } from './decisionLog.ts';
import { readEdits } from './editedValues.ts';
import { decideLocked } from './findingStatement.ts';
import { lockReviewedBatch, type ReviewedBatch, reopenBatch } from './lockReviewedBatch.ts';
import { type NamedFinding, readNamedFindings } from './namedFindings.ts';
import {
  type FindingKey,
  findingConditions,
  type ReviewFilter,
  type Selection,
} from './reviewSelection.ts';
import { type DecisionResult, skippedCounts } from './skipReasons.ts';
import type { WaiverTerms } from './waiverStatement.ts';

export interface DecideFindingsInput {
  readonly batchId: string;
  readonly actorId: string;
  readonly decision: FindingDecision;
  readonly selection: Selection<FindingKey>;
  readonly comment: string | null;
  /** Of a decision WAIVED. */
  readonly waiver: WaiverTerms | null;
  /** Of a decision ACCEPTED by filter: whether it is about likely suggestions too. */
  readonly includeLikely?: boolean;
  /** Only find out what the decision would come to, and change nothing. */
  readonly dryRun?: boolean;
}

/**
 * Decides on findings, all of them in one statement: on those that are named, or on those that a
 * filter selects. A filter takes what is open (for reopening: what is decided), unless it names a
 * decision. Accepting by filter leaves out likely suggestions, unless they are included. To waive what is waived already gives its waiver another reason and another end.
 *
 * @returns how many were decided, and how many were skipped and why
 * @throws `CONFLICT` where the batch is not under review, and where somebody has decided on a named
 *   finding since the version that the caller saw; `BAD_USER_INPUT` for a finding that is not there
 *   and for a value that the rules refuse. Nothing is decided then.
 */
export async function decideFindings(
  pool: Pool,
  input: DecideFindingsInput,
): Promise<DecisionResult> {
  const { decision, actorId, selection } = input;
  const comment = reviewerText('comment', input.comment);
  const { dryRun = false } = input;
  const decided = await (dryRun ? rehearse : inTransaction)(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    const target =
      'keys' in selection
        ? await namedTarget(client, batch, decision, selection.keys)
        : await filteredTarget(client, batch, decision, selection.filter);
    const decisionId = uuidv7();
    const { waiver, includeLikely = false } = input;
    const result = await decideLocked(client, {
      ...{ batch, decisionId, actorId, decision, waiver, includeLikely },
      areNamed: 'keys' in selection,
      ...target,
    });
    if (result.stale.length > 0) throw await staleVersionError(client, batch.id, result.stale);
    const { decidedCount } = result;
    if (decidedCount > 0) {
      await insertDecision(client, {
        id: decisionId,
        batchId: batch.id,
        actorId,
        decision,
        comment,
      });
      if (decision === 'OPEN' || decision === 'ACCEPTED') await reopenBatch(client, batch);
    }
    return {
      decisionId: decidedCount > 0 && !dryRun ? decisionId : null,
      decidedCount,
      skipped: skippedCounts(result.skipped),
    };
  });
  if (!dryRun && decision !== 'OPEN') {
    await completeReviewed(pool, input.batchId, firstRowOf(selection));
  }
  return decided;
}

interface Target {
  readonly source: Sql;
  readonly mergeIds: readonly string[];
}

async function namedTarget(
  client: ClientBase,
  batch: ReviewedBatch,
  decision: FindingDecision,
  keys: readonly FindingKey[],
): Promise<Target> {
  const named = await readNamedFindings(client, batch.id, keys);
  const edited = await readEdits(client, batch, keys, named);
  const mergeIds = decision === 'OPEN' ? mergesOf(named) : [];
  const together = await restOfMerges(client, batch.id, mergeIds, keys);
  const wanted = [...edited, ...together];
  return {
    mergeIds,
    source: sql`
      FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        AS w("rowIndex" int, ordinal int, version int, value text)
      JOIN finding f ON f.row_index = w."rowIndex" AND f.ordinal = w.ordinal
      WHERE f.batch_id = ${batch.id}
        AND f.row_index = ANY(${wanted.map(({ rowIndex }) => rowIndex)}::int[])`,
  };
}

async function filteredTarget(
  client: ClientBase,
  batch: ReviewedBatch,
  decision: FindingDecision,
  filter: ReviewFilter,
): Promise<Target> {
  const undecided = decision === 'OPEN' ? sql`f.decision <> 'OPEN'` : sql`f.decision = 'OPEN'`;
  const selected = sql`
    f.batch_id = ${batch.id} AND ${findingConditions(filter, batch)}
    AND ${filter.decision ? sql`f.decision = ${filter.decision}::finding_decision` : undecided}`;
  const nothingSeen = sql`
    FROM finding f CROSS JOIN (VALUES (NULL::int, NULL::text)) AS w(version, value)`;
  const mergeIds = decision === 'OPEN' ? await selectedMerges(client, selected) : [];
  const together = sql`f.batch_id = ${batch.id} AND f.merge_id = ANY(${mergeIds}::uuid[])`;
  return {
    mergeIds,
    source:
      mergeIds.length === 0
        ? sql`${nothingSeen} WHERE ${selected}`
        : sql`${nothingSeen} WHERE (${selected}) OR (${together})`,
  };
}

/** The merges that come apart when some of their findings are reopened. */
function mergesOf(named: readonly NamedFinding[]): readonly string[] {
  return [...new Set(named.flatMap(({ mergeId, applied }) => (applied ? [] : (mergeId ?? []))))];
}

async function selectedMerges(client: ClientBase, selected: Sql): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(sql`
    SELECT DISTINCT f.merge_id AS id FROM finding f
    WHERE ${selected} AND f.merge_id IS NOT NULL AND NOT f.applied`);
  return rows.map(({ id }) => id);
}

/** The findings of merges that were not named: they are decided together. */
async function restOfMerges(
  client: ClientBase,
  batchId: string,
  mergeIds: readonly string[],
  keys: readonly FindingKey[],
): Promise<readonly FindingKey[]> {
  if (mergeIds.length === 0) return [];
  const { rows } = await client.query<FindingKey>(sql`
    SELECT row_index AS "rowIndex", ordinal, NULL AS version, NULL AS value FROM finding
    WHERE batch_id = ${batchId} AND merge_id = ANY(${mergeIds}::uuid[])`);
  const named = new Set(keys.map(({ rowIndex, ordinal }) => `${rowIndex}:${ordinal}`));
  return rows.filter(({ rowIndex, ordinal }) => !named.has(`${rowIndex}:${ordinal}`));
}

/** Refuses values where there is nothing that they could be applied for. */
export function assertNoValues(keys: readonly FindingKey[]): void {
  const index = keys.findIndex(({ value }) => value !== null);
  if (index < 0) return;
  throw badUserInput(`input.findings.${index}.value`, 'Only what is accepted takes a value.');
}
