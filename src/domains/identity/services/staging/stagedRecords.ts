import type { Pool } from 'pg';
import sql, { join, type Sql } from 'sql-template-tag';
import { type KeysetPage, keysetOrder } from '../../../../platform/keyset.ts';
import type { FindingDecision, RecordStatus } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';

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
  readonly relatedEntityIds: readonly string[];
  readonly relatedCount: number;
  readonly decision: FindingDecision;
}

/** A row of a batch with what is known of it. */
export interface StagedRecord {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly entityType: EntityType;
  /** The audited entity, or the one that promotion made. */
  readonly entityId: string | null;
  readonly rawData: Readonly<Record<string, unknown>>;
  readonly status: RecordStatus;
  readonly statusReason: string | null;
  readonly findings: readonly Finding[];
}

export interface RecordFilter {
  readonly status?: RecordStatus | null;
  readonly severity?: Severity | null;
  readonly ruleId?: string | null;
  readonly entityType?: EntityType | null;
}

/** States that are kept; the others are derived from findings and from what has been processed. */
const KEPT_STATUSES: readonly RecordStatus[] = [
  'INVALID',
  'PROMOTED',
  'CONFLICT',
  'FAILED',
  'REVERTED',
];

const findingJson = sql`jsonb_build_object(
  'batchId', f.batch_id, 'rowIndex', f.row_index, 'ordinal', f.ordinal, 'ruleId', f.rule_id,
  'ruleVersion', f.rule_version, 'entityType', f.entity_type, 'entityId', f.entity_id,
  'entityVersion', f.entity_version, 'rowExternalId', r.raw_data->>'externalId', 'severity', f.severity, 'field', f.field,
  'message', f.message, 'currentValue', f.current_value, 'suggestedValue', f.suggested_value,
  'relatedEntityIds', f.related_entity_ids, 'relatedCount', f.related_count,
  'decision', f.decision)`;

/** One page of a batch's records with their findings, in one statement. */
export async function listStagedRecords(
  pool: Pool,
  batchId: string,
  filter: RecordFilter,
  page: KeysetPage<number>,
): Promise<readonly StagedRecord[]> {
  const { rows } = await pool.query<StagedRecord>(sql`
    WITH page AS (${pageKeys(batchId, filter, page)})
    SELECT r.batch_id AS "batchId", r.row_index AS "rowIndex", r.entity_type AS "entityType",
           coalesce(s.entity_id, r.entity_id) AS "entityId", r.raw_data AS "rawData",
           CASE WHEN s.status IS NOT NULL THEN s.status
                WHEN f.any_open THEN 'NEEDS_REVIEW'
                WHEN f.findings IS NOT NULL THEN 'DECIDED'
                WHEN p.done_at IS NULL THEN 'PENDING'
                ELSE 'PASSED' END AS status,
           s.reason AS "statusReason", coalesce(f.findings, '[]') AS findings
    FROM page
    JOIN staged_record r ON r.batch_id = ${batchId} AND r.row_index = page.row_index
    LEFT JOIN staged_record_state s ON s.batch_id = r.batch_id AND s.row_index = r.row_index
    LEFT JOIN staged_batch_step p ON p.batch_id = r.batch_id AND p.kind = 'PROCESS_RANGE'
      AND p.first_row <= r.row_index AND p.end_row > r.row_index
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(${findingJson} ORDER BY f.ordinal) AS findings,
             bool_or(f.decision = 'OPEN') AS any_open
      FROM finding f WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index
    ) f ON true
    ORDER BY ${keysetOrder(sql`r.row_index`, page)}`);
  return rows;
}

/** The rows of a page, read from whichever table narrows them most. */
function pageKeys(batchId: string, filter: RecordFilter, page: KeysetPage<number>): Sql {
  const { status, severity, ruleId } = filter;
  if (status && KEPT_STATUSES.includes(status)) return keysByStatus(batchId, status, filter, page);
  if (severity || ruleId || status === 'NEEDS_REVIEW' || status === 'DECIDED') {
    return keysByFinding(batchId, filter, page);
  }
  return keysByRecord(batchId, filter, page);
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
      AND (${!filter.severity && !filter.ruleId} OR EXISTS (
        SELECT FROM finding f
        WHERE f.batch_id = s.batch_id AND f.row_index = s.row_index
          AND ${equals(sql`f.severity`, filter.severity)} AND ${equals(sql`f.rule_id`, filter.ruleId)}))
    ORDER BY ${keysetOrder(sql`s.row_index`, page)} LIMIT ${page.limit}`;
}

function keysByFinding(batchId: string, filter: RecordFilter, page: KeysetPage<number>): Sql {
  const open = sql`SELECT FROM finding o
    WHERE o.batch_id = f.batch_id AND o.row_index = f.row_index AND o.decision = 'OPEN'`;
  const byStatus: Partial<Record<RecordStatus, Sql>> = {
    NEEDS_REVIEW: sql`EXISTS (${open})`,
    DECIDED: sql`NOT EXISTS (${open})`,
    // A record with a finding is neither passed nor pending.
    PASSED: sql`false`,
    PENDING: sql`false`,
  };
  const hasDerivedStatus = sql`NOT EXISTS (
    SELECT FROM staged_record_state s WHERE s.batch_id = f.batch_id AND s.row_index = f.row_index)`;
  const matchesStatus = filter.status
    ? sql`${hasDerivedStatus} AND ${byStatus[filter.status] ?? sql`true`}`
    : sql`true`;
  return sql`
    SELECT DISTINCT f.row_index FROM finding f
    WHERE f.batch_id = ${batchId} AND ${pageBounds(sql`f.row_index`, page)}
      AND ${equals(sql`f.severity`, filter.severity)} AND ${equals(sql`f.rule_id`, filter.ruleId)}
      AND ${equals(sql`f.entity_type`, filter.entityType)} AND ${matchesStatus}
    ORDER BY ${keysetOrder(sql`f.row_index`, page)} LIMIT ${page.limit}`;
}

function keysByRecord(batchId: string, filter: RecordFilter, page: KeysetPage<number>): Sql {
  const nothingKnown = sql`
    NOT EXISTS (SELECT FROM finding f WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index)
    AND NOT EXISTS (
      SELECT FROM staged_record_state s WHERE s.batch_id = r.batch_id AND s.row_index = r.row_index)`;
  const processed = sql`EXISTS (
    SELECT FROM staged_batch_step p
    WHERE p.batch_id = r.batch_id AND p.kind = 'PROCESS_RANGE' AND p.done_at IS NOT NULL
      AND p.first_row <= r.row_index AND p.end_row > r.row_index)`;
  const byStatus: Partial<Record<RecordStatus, Sql>> = {
    PASSED: sql`${nothingKnown} AND ${processed}`,
    PENDING: sql`${nothingKnown} AND NOT ${processed}`,
  };
  return sql`
    SELECT r.row_index FROM staged_record r
    WHERE r.batch_id = ${batchId} AND ${pageBounds(sql`r.row_index`, page)}
      AND ${equals(sql`r.entity_type`, filter.entityType)}
      AND ${(filter.status && byStatus[filter.status]) ?? sql`true`}
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
