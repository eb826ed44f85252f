import type { Pool } from 'pg';
import sql, { join, type Sql } from 'sql-template-tag';
import { type KeysetPage, keysetOrder } from '../../../../platform/keyset.ts';
import type {
  FindingDecision,
  MatchBy,
  MatchKind,
  RecordStatus,
  SuggestionCertainty,
} from '../../generated/prisma/enums.ts';
import type { ValueFormats } from '../../profiles/formats/valueFormats.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import type { DuplicateMatch } from '../duplicates/explainMatches.ts';
import type { MatchCandidate } from '../imports/matching/matchCandidate.ts';
import type { RecordDecision } from '../review/decideRecords.ts';
import { assertRuleExists } from '../review/knownRules.ts';
import { hasMatchKind } from '../review/matchKind.ts';
import { decidesOnRecords, hasRecordStatus, KEPT_STATUSES } from '../review/recordStatus.ts';
import { selectRecords } from './selectRecords.ts';

/** What a rule says about one field of one record. */
export interface Finding {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly ordinal: number;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly entityType: EntityType;
  readonly entityId: string | null;
  readonly entityVersion: number | null;
  /** As the row has it; audited rows have none, their entities do. */
  readonly rowExternalId: string | null;
  readonly severity: Severity;
  readonly field: string;
  readonly message: string;
  readonly currentValue: string | null;
  readonly suggestedValue: string | null;
  /** Null where nothing is suggested. */
  readonly suggestionCertainty: SuggestionCertainty | null;
  readonly relatedEntityIds: readonly string[];
  readonly relatedCount: number;
  /** Why some of them are taken for the same; null where it is not about duplicates that were compared. */
  readonly explanation: readonly DuplicateMatch[] | null;
  readonly decision: FindingDecision;
  /** How often it was decided on. */
  readonly version: number;
  readonly editedValue: string | null;
  readonly decidedById: string | null;
  readonly mergeId: string | null;
  readonly applied: boolean;
}

/** A row of a batch with what is known of it. */
export interface StagedRecord {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly entityType: EntityType;
  /** The audited entity, the one that the row matches, or the one that promotion made. */
  readonly entityId: string | null;
  /** Whether it is an imported row that updates an entity. */
  readonly isMatched: boolean;
  /** What it is to production; null until it is matched, and for what is not matched at all. */
  readonly matchKind: MatchKind | null;
  /** How that was found out; null for what is new. */
  readonly matchBy: MatchBy | null;
  /** The entities that people choose, or have chosen, among; null where there was no choice. */
  readonly candidates: readonly MatchCandidate[] | null;
  /** Whether something that it has changed in production has not been undone. */
  readonly isInProduction: boolean;
  /** Of its batch. */
  readonly profile: string;
  readonly rawData: Readonly<Record<string, unknown>>;
  /** How its data writes dates and numbers; null where nothing was said of it. */
  readonly formats: ValueFormats | null;
  readonly status: RecordStatus;
  readonly statusReason: string | null;
  /** The version of the entity that its next change builds on. */
  readonly baseVersion: number | null;
  /** What people decided about it as a whole; null in audits. */
  readonly decision: RecordDecision | null;
  /** How often it was decided on as a whole. */
  readonly version: number;
  readonly decidedById: string | null;
  /** What a reviewer gave in place of the row's values; texts by field, an empty one for none. */
  readonly editedValues: Readonly<Record<string, string>> | null;
  readonly assigneeId: string | null;
  readonly findings: readonly Finding[];
}

export interface RecordFilter {
  readonly status?: RecordStatus | null;
  readonly severity?: Severity | null;
  readonly ruleId?: string | null;
  readonly entityType?: EntityType | null;
  readonly match?: MatchKind | null;
}

/** A batch, and what its records are. */
export interface BatchOfRecords {
  readonly id: string;
  readonly profile: string;
}

/**
 * One page of a batch's records with their findings, in one statement.
 *
 * @throws `BAD_USER_INPUT` for a rule that there is not
 */
export async function listStagedRecords(
  pool: Pool,
  batch: BatchOfRecords,
  filter: RecordFilter,
  page: KeysetPage<number>,
): Promise<readonly StagedRecord[]> {
  if (filter.ruleId) assertRuleExists('filter.ruleId', filter.ruleId);
  const { rows } = await pool.query<StagedRecord>(sql`
    WITH page AS (
      SELECT ${batch.id}::uuid AS batch_id, row_index FROM (${pageKeys(batch, filter, page)}) k)
    ${selectRecords} ORDER BY ${keysetOrder(sql`r.row_index`, page)}`);
  return rows;
}

/** Some records of a batch with their findings, in their order. */
export async function readStagedRecords(
  pool: Pool,
  batch: BatchOfRecords,
  rowIndexes: readonly number[],
): Promise<readonly StagedRecord[]> {
  const { rows } = await pool.query<StagedRecord>(sql`
    WITH page AS (
      SELECT ${batch.id}::uuid AS batch_id, row_index FROM unnest(${rowIndexes}::int[]) AS row_index)
    ${selectRecords} ORDER BY r.row_index`);
  return rows;
}

/** The rows of a page, read from whichever table narrows them most. */
function pageKeys(batch: BatchOfRecords, filter: RecordFilter, page: KeysetPage<number>): Sql {
  const { status, severity, ruleId } = filter;
  if (status && KEPT_STATUSES.includes(status)) return keysByStatus(batch.id, status, filter, page);
  if (decidesOnRecords(batch)) return keysByRecord(batch, filter, page);
  if (severity || ruleId || status === 'NEEDS_REVIEW' || status === 'DECIDED') {
    return keysByFinding(batch, filter, page);
  }
  return keysByRecord(batch, filter, page);
}

function keysByStatus(
  batchId: string,
  status: RecordStatus,
  filter: RecordFilter,
  page: KeysetPage<number>,
): Sql {
  return sql`
    SELECT s.row_index FROM staged_record_state s
    WHERE s.batch_id = ${batchId} AND s.status = ${status}::record_status
      AND ${pageBounds(sql`s.row_index`, page)}
      AND EXISTS (
        SELECT FROM staged_record r
        WHERE r.batch_id = s.batch_id AND r.row_index = s.row_index
          AND ${equals(sql`r.entity_type`, filter.entityType)})
      AND ${filter.match ? hasMatchKind(filter.match, sql`s`) : sql`true`}
      AND (${!filter.severity && !filter.ruleId} OR EXISTS (
        SELECT FROM finding f
        WHERE f.batch_id = s.batch_id AND f.row_index = s.row_index
          AND ${equals(sql`f.severity`, filter.severity)} AND ${equals(sql`f.rule_id`, filter.ruleId)}))
    ORDER BY ${keysetOrder(sql`s.row_index`, page)} LIMIT ${page.limit}`;
}

/** Records of an audit that have a finding; of an index on findings, which are fewer than records. */
function keysByFinding(batch: BatchOfRecords, filter: RecordFilter, page: KeysetPage<number>): Sql {
  return sql`
    SELECT DISTINCT f.row_index FROM finding f
    WHERE f.batch_id = ${batch.id} AND ${pageBounds(sql`f.row_index`, page)}
      AND ${equals(sql`f.severity`, filter.severity)} AND ${equals(sql`f.rule_id`, filter.ruleId)}
      AND ${equals(sql`f.entity_type`, filter.entityType)}
      AND ${filter.status ? hasRecordStatus(filter.status, sql`f`, batch) : sql`true`}
      AND ${filter.match ? hasMatchKind(filter.match, sql`f`) : sql`true`}
    ORDER BY ${keysetOrder(sql`f.row_index`, page)} LIMIT ${page.limit}`;
}

function keysByRecord(batch: BatchOfRecords, filter: RecordFilter, page: KeysetPage<number>): Sql {
  return sql`
    SELECT r.row_index FROM staged_record r
    WHERE r.batch_id = ${batch.id} AND ${pageBounds(sql`r.row_index`, page)}
      AND ${equals(sql`r.entity_type`, filter.entityType)}
      AND (${!filter.severity && !filter.ruleId} OR EXISTS (
        SELECT FROM finding f
        WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index
          AND ${equals(sql`f.severity`, filter.severity)} AND ${equals(sql`f.rule_id`, filter.ruleId)}))
      AND ${filter.status ? hasRecordStatus(filter.status, sql`r`, batch) : sql`true`}
      AND ${filter.match ? hasMatchKind(filter.match, sql`r`) : sql`true`}
    ORDER BY ${keysetOrder(sql`r.row_index`, page)} LIMIT ${page.limit}`;
}

function pageBounds(column: Sql, { after, before }: KeysetPage<number>): Sql {
  const bounds = [
    ...(after === null ? [] : [sql`${column} > ${after}`]),
    ...(before === null ? [] : [sql`${column} < ${before}`]),
  ];
  return bounds.length === 0 ? sql`true` : join(bounds, ' AND ');
}

function equals(column: Sql, value: string | null | undefined): Sql {
  return value ? sql`${column} = ${value}` : sql`true`;
}
