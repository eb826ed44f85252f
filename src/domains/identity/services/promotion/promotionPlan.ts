import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { ExpectedError } from '../../../../platform/errors.ts';
import { profileByName } from '../../profiles/registry.ts';
import { isWaitingMerge, mayPromoteMerge } from '../merge/waitingMerges.ts';
import { assertRowsExist, type RunScope } from '../staging/batchRun.ts';
import { type NewStep, promotionStepsOf, RANGE_ROWS } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import {
  isApplicable,
  isStuck,
  isUnapplied,
  joinMadeEntity,
  type Promoter,
} from './acceptedFindings.ts';
import {
  countOpenErrors,
  isAcceptedRecord,
  isNamed,
  isPromotedUndecided,
  knownRecords,
  mayPromoteRecord,
} from './chosenRecords.ts';
import { promoterOf } from './promoteRange.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/** What there is to promote of a batch. */
export interface PromotionPlan {
  /** The ranges that have something to apply; others are not looked at. */
  readonly steps: readonly NewStep[];
  /** What comes after the ranges: entities are merged with the values that were accepted for them. */
  readonly mergeSteps: readonly NewStep[];
  /** How many accepted findings and records wait for another member than the promoter. */
  readonly fourEyes: number;
  /** How many records would be in it, were it not for findings of severity ERROR. */
  readonly openErrors: number;
}

/** @throws `BAD_USER_INPUT` for a record that the batch does not have */
export async function planPromotion(
  client: ClientBase,
  batch: StagedBatch,
  actorId: string,
  scope: RunScope,
): Promise<PromotionPlan> {
  await assertRowsExist(client, batch, scope);
  const promoter = await promoterOf(client, batch, actorId);
  return withoutNestedLoops(client, async () => {
    const rows = sql`(${rowsToPromote(batch, promoter)}) r`;
    return {
      steps: await stepsOf(client, scope, rows),
      mergeSteps: await planMerges(client, batch, promoter, scope),
      fourEyes: await countFourEyes(client, batch, promoter, scope),
      openErrors: await countOpenErrors(client, batch, promoter, scope),
    };
  });
}

/** The steps in which what may be merged of a batch is merged. */
export async function planMerges(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  scope: RunScope,
): Promise<readonly NewStep[]> {
  const rows = sql`(
    SELECT m.row_index FROM merge m
    WHERE m.batch_id = ${batch.id} AND ${isWaitingMerge} AND ${mayPromoteMerge(promoter)}) r`;
  const steps = await stepsOf(client, scope, rows);
  return steps.map((step) => ({ ...step, kind: 'PROMOTE_MERGES' }));
}

/** The ranges that have any of the rows `r`; where rows are named, a step for each of these alone. */
export async function stepsOf(
  client: ClientBase,
  { rowIndexes }: RunScope,
  rowsOf: Sql,
): Promise<readonly NewStep[]> {
  if (rowIndexes) {
    const { rows } = await client.query<{ rowIndex: number }>(sql`
      SELECT DISTINCT r.row_index AS "rowIndex" FROM ${rowsOf}
      WHERE r.row_index = ANY(${rowIndexes}::int[]) ORDER BY 1`);
    return rows.map(({ rowIndex }, stepIndex) => ({
      kind: 'PROMOTE_RANGE',
      stepIndex,
      ruleId: '',
      firstRow: rowIndex,
      endRow: rowIndex + 1,
    }));
  }
  const { rows } = await client.query<{ range: number }>(sql`
    SELECT DISTINCT r.row_index / ${RANGE_ROWS}::int AS range FROM ${rowsOf} ORDER BY 1`);
  return promotionStepsOf(rows.map(({ range }) => range));
}

/** Their rows; a record may come more than once. */
function rowsToPromote(batch: StagedBatch, promoter: Promoter): Sql {
  const findings = sql`SELECT f.row_index ${findingsOf(batch)} AND ${isApplicable(promoter)}`;
  if (profileByName(batch.profile).kind === 'audit') return findings;
  return sql`SELECT s.row_index ${knownRecords(batch, promoter)} AND ${mayPromoteRecord(promoter)}
      AND (${isAcceptedRecord} OR ${isPromotedUndecided(batch, promoter)})
    UNION ALL ${findings}`;
}

/** FROM and WHERE of the findings `f` that change entities which are in production already. */
function findingsOf(batch: StagedBatch): Sql {
  return profileByName(batch.profile).kind === 'audit'
    ? sql`FROM finding f
        WHERE f.batch_id = ${batch.id} AND NOT ${isStuck(sql`f.batch_id`, sql`f.row_index`)}`
    : sql`FROM finding f ${joinMadeEntity} WHERE f.batch_id = ${batch.id}`;
}

async function countFourEyes(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  scope: RunScope,
): Promise<number> {
  if (!promoter.fourEyes) return 0;
  const skipped = sql`
    SELECT count(*)::int AS count ${findingsOf(batch)}
      AND ${isUnapplied} AND NOT f.applied AND NOT ${isApplicable(promoter)}
      ${isNamed(sql`f.row_index`, scope)}
    UNION ALL
    SELECT count(*)::int ${knownRecords(batch, promoter)}
      AND ${isAcceptedRecord} AND NOT ${mayPromoteRecord(promoter)}
      ${isNamed(sql`s.row_index`, scope)}`;
  const merges = sql`SELECT count(*)::int AS count FROM finding f JOIN merge m ON m.id = f.merge_id
    WHERE m.batch_id = ${batch.id} AND f.batch_id = m.batch_id AND ${isWaitingMerge}
      AND NOT ${mayPromoteMerge(promoter)} ${isNamed(sql`m.row_index`, scope)}`;
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT sum(count)::int AS count FROM (${skipped} UNION ALL ${merges}) s`);
  return rows[0]?.count ?? 0;
}

/**
 * Why there is nothing to promote, with what to do.
 */
export async function nothingToPromote(
  client: ClientBase,
  batchId: string,
  { fourEyes, openErrors }: Pick<PromotionPlan, 'fourEyes' | 'openErrors'>,
  scope: RunScope,
): Promise<ExpectedError> {
  if (fourEyes > 0) {
    return new ExpectedError(
      'CONFLICT',
      `All that waits (${fourEyes}) was decided by you, and this workspace wants four eyes: ask somebody else to promote it.`,
    );
  }
  const { rows } = await client.query<{ conflicts: number; ambiguous: number }>(sql`
    SELECT (count(*) FILTER (WHERE status = 'CONFLICT'))::int AS conflicts,
           (count(*) FILTER (WHERE match_kind = 'AMBIGUOUS'))::int AS ambiguous
    FROM staged_record_state WHERE batch_id = ${batchId} ${isNamed(sql`row_index`, scope)}`);
  const { conflicts, ambiguous } = rows[0] ?? { conflicts: 0, ambiguous: 0 };
  const advice = [
    ...(conflicts > 0 ? [`Resolve the conflicts (${conflicts}).`] : []),
    ...(openErrors > 0 ? [`Decide on the errors of the records that wait (${openErrors}).`] : []),
    ...(ambiguous > 0 ? [`Choose what the ambiguous records (${ambiguous}) match.`] : []),
    `Accept something ${conflicts + openErrors + ambiguous > 0 ? 'else' : 'first'}.`,
  ];
  return new ExpectedError(
    'CONFLICT',
    `Nothing is accepted that can go to production and is not there yet. ${advice.join(' ')}`,
  );
}
