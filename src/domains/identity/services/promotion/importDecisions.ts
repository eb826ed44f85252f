import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { parseFields } from '../../profiles/parseFields.ts';
import type { EntityType, FieldsByType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { acceptedValue, isUnapplied, type Promoter } from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';
import {
  isAcceptedRecord,
  isError,
  isPromotedUndecided,
  isWithin,
  knownRecords,
  mayPromoteRecord,
  promotesUndecided,
} from './chosenRecords.ts';

/** Accepted values by field; an empty text stands for none. */
export type AcceptedValues = Readonly<Record<string, string>>;

/** What people decided about the imported records of a range. */
export interface ImportDecisions {
  /** Whether a record is to go to production. */
  readonly isChosen: (rowIndex: number) => boolean;
  /** Whether it updates an entity, rather than become one. */
  readonly isMatched: (rowIndex: number) => boolean;
  /** Whether it has a row in staged_record_state. */
  readonly hasState: (rowIndex: number) => boolean;
  readonly acceptedValues: ReadonlyMap<number, AcceptedValues>;
}

export async function loadImportDecisions(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<ImportDecisions> {
  const { rows: states } = await client.query<{
    rowIndex: number;
    matched: boolean;
    chosen: boolean;
  }>(sql`
    SELECT s.row_index AS "rowIndex", s.matched_id IS NOT NULL AS matched,
           (${isAcceptedRecord} OR ${isPromotedUndecided(batch, promoter)})
             AND ${mayPromoteRecord(promoter)} AS chosen
    ${knownRecords(batch, promoter, rows)}`);
  const matched = new Set(states.flatMap((state) => (state.matched ? state.rowIndex : [])));
  const chosenByState = new Map(states.map(({ rowIndex, chosen }) => [rowIndex, chosen]));
  const { rows: findings } = await client.query<{
    rowIndex: number;
    isError: boolean;
    accepted: AcceptedValues | null;
  }>(sql`
    SELECT f.row_index AS "rowIndex", bool_or(${isError}) AS "isError",
           jsonb_object_agg(f.field, ${acceptedValue}
             ORDER BY f.edited_value IS NOT NULL, f.ordinal DESC)
             FILTER (WHERE ${isUnapplied}) AS accepted
    FROM finding f
    WHERE f.batch_id = ${batch.id} ${isWithin(sql`f.row_index`, rows)}
      AND (${isError} OR f.decision = 'ACCEPTED')
    GROUP BY f.row_index`);
  const withError = new Set(findings.filter(({ isError }) => isError).map((row) => row.rowIndex));
  return {
    isChosen: (rowIndex) =>
      chosenByState.get(rowIndex) ??
      (promotesUndecided(batch, promoter) && !withError.has(rowIndex)),
    isMatched: (rowIndex) => matched.has(rowIndex),
    hasState: (rowIndex) => chosenByState.has(rowIndex),
    acceptedValues: new Map(
      findings.flatMap(({ rowIndex, accepted }) =>
        accepted === null ? [] : [[rowIndex, accepted] as const],
      ),
    ),
  };
}

/**
 * An imported entity with values that were accepted for it.
 *
 * @throws UnreadableValueError when a value is not of its field's type
 */
export function withAcceptedValues<T extends EntityType>(
  entityType: T,
  entity: FieldsByType[T],
  accepted: AcceptedValues,
): FieldsByType[T] {
  const parsed = parseFields(entityType, accepted);
  const values = Object.entries(parsed).filter(([field]) => field in accepted);
  return { ...entity, ...Object.fromEntries(values) };
}
