import sql, { join, type Sql } from 'sql-template-tag';
import { badUserInput } from '../../../../platform/errors.ts';
import type {
  FindingDecision,
  MatchKind,
  RecordStatus,
  Severity,
} from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import { assertRuleExists } from './knownRules.ts';
import { hasMatchKind } from './matchKind.ts';
import { decidesOnRecords, hasRecordStatus } from './recordStatus.ts';

/** A finding that a reviewer names. */
export interface FindingKey {
  readonly rowIndex: number;
  readonly ordinal: number;
  /** The version that the reviewer saw; null where they take what there is. */
  readonly version: number | null;
  /** The value to apply instead of the suggested one; an empty text means none at all. */
  readonly value: string | null;
}

/** Which findings, or records with such findings; all conditions must hold. */
export interface ReviewFilter {
  readonly ruleId?: string | null;
  readonly severity?: Severity | null;
  readonly entityType?: EntityType | null;
  readonly field?: string | null;
  readonly recordStatus?: RecordStatus | null;
  readonly decision?: FindingDecision | null;
  /** What imported rows are to production. */
  readonly match?: MatchKind | null;
}

/** What a decision is about: what is named, or what a filter selects. */
export type Selection<Key> = { readonly keys: readonly Key[] } | { readonly filter: ReviewFilter };

/** More are decided by filter. */
const MAX_KEYS = 10_000;

/**
 * The selection that a caller means.
 *
 * @param name - of the input field that lists what is meant
 * @throws `BAD_USER_INPUT` when not exactly one of list and filter is given, for an empty or too long
 *   list, and for one that names something twice
 */
export function selectionOf<Key>(
  name: string,
  keys: readonly Key[] | null,
  filter: ReviewFilter | null,
  identify: (key: Key) => string,
): Selection<Key> {
  const path = `input.${name}`;
  if ((keys === null) === (filter === null)) {
    throw badUserInput(path, `Give either ${name} or filter.`);
  }
  if (keys === null) return { filter: filter ?? {} };
  if (keys.length === 0) throw badUserInput(path, `Name at least one of the ${name}.`);
  if (keys.length > MAX_KEYS) {
    throw badUserInput(path, `Name at most ${MAX_KEYS} ${name} at a time, or use a filter.`);
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const identity = identify(key);
    if (seen.has(identity)) throw badUserInput(path, `${identity} is named twice.`);
    seen.add(identity);
  }
  return { keys };
}

/**
 * The findings `f` that a filter selects, by everything but their decision.
 *
 * @throws `BAD_USER_INPUT` for a rule that there is not
 */
export function findingConditions(
  { ruleId, severity, entityType, field, recordStatus, match }: ReviewFilter,
  batch: { readonly profile: string },
): Sql {
  if (ruleId) assertRuleExists('input.filter.ruleId', ruleId);
  return join(
    [
      sql`true`,
      ...(ruleId ? [sql`f.rule_id = ${ruleId}`] : []),
      ...(severity ? [sql`f.severity = ${severity}::severity`] : []),
      ...(entityType ? [sql`f.entity_type = ${entityType}::entity_type`] : []),
      ...(field ? [sql`f.field = ${field}`] : []),
      ...(recordStatus ? [hasRecordStatus(recordStatus, sql`f`, batch)] : []),
      ...(match ? [hasMatchKind(match, sql`f`)] : []),
    ],
    ' AND ',
  );
}

/**
 * The records `r` that a filter selects: those with at least one of the findings that it names. Where
 * records are decided on as wholes, the decision is theirs.
 *
 * @throws as {@link findingConditions}
 */
export function recordConditions(filter: ReviewFilter, batch: { readonly profile: string }): Sql {
  const { ruleId, severity, field, entityType, recordStatus, decision, match } = filter;
  const ofRecord = decision && decidesOnRecords(batch) ? decision : null;
  const ofFindings = ofRecord === null ? decision : null;
  const conditions = findingConditions({ ruleId, severity, field }, batch);
  const ofFinding = ofFindings
    ? sql`${conditions} AND f.decision = ${ofFindings}::finding_decision`
    : conditions;
  return join(
    [
      sql`true`,
      ...(entityType ? [sql`r.entity_type = ${entityType}::entity_type`] : []),
      ...(recordStatus ? [hasRecordStatus(recordStatus, sql`r`, batch)] : []),
      ...(match ? [hasMatchKind(match, sql`r`)] : []),
      ...(ofRecord
        ? [
            sql`coalesce((
              SELECT s.decision FROM staged_record_state s
              WHERE s.batch_id = r.batch_id AND s.row_index = r.row_index
            ), 'OPEN') = ${ofRecord}::finding_decision`,
          ]
        : []),
      ...(ruleId || severity || field || ofFindings
        ? [
            sql`EXISTS (
              SELECT FROM finding f
              WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index AND ${ofFinding})`,
          ]
        : []),
    ],
    ' AND ',
  );
}
