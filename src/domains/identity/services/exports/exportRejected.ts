import type { Pool } from 'pg';
import sql, { empty, type Sql } from 'sql-template-tag';
import type { Profile } from '../../profiles/profile.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { ImportOptions } from '../imports/importOptions.ts';
import { importFieldsOfAll } from '../imports/mapping/importFields.ts';
import { WHOLE_RECORD } from '../review/decisionLog.ts';
import { assertExportSize, type ExportPage } from './exportPage.ts';
import { type Cell, type ExportFormat, toExportText } from './exportText.ts';
import { REJECTED_COLUMNS } from './rejectedColumns.ts';

export interface RejectedInput {
  readonly batch: {
    readonly id: string;
    readonly profile: string;
    readonly importOptions: ImportOptions | null;
  };
  readonly format: ExportFormat;
  /** The row index after which to go on; null for the beginning. */
  readonly after: number | null;
  /** How many rows at the most. */
  readonly first: number;
}

type RawData = Readonly<Record<string, unknown>>;

interface RejectedRow {
  readonly rowIndex: number;
  readonly rawData: RawData;
  readonly reason: string;
}

/**
 * A page of the rows of an import that did not get into production: those that can't be read, that
 * failed, and that reviewers rejected. They have the columns that they came with, and
 * {@link REJECTED_COLUMNS}, so that they can be corrected and imported again. An audit has none.
 *
 * @throws `BAD_USER_INPUT` for a page size that is out of bounds
 */
export async function exportRejected(
  pool: Pool,
  { batch, format, after, first }: RejectedInput,
): Promise<ExportPage<number>> {
  assertExportSize(first);
  const { rows: found } = await pool.query<RejectedRow>(sql`
    SELECT r.row_index AS "rowIndex", r.raw_data AS "rawData",
           concat_ws(' ', coalesce(s.reason, d.comment, 'Rejected by a reviewer.'), f.messages) AS reason
    FROM staged_record_state s JOIN staged_record r USING (batch_id, row_index)
    LEFT JOIN LATERAL (
      SELECT string_agg(concat(field, ': ', message), ' ' ORDER BY ordinal) AS messages FROM finding
      WHERE batch_id = s.batch_id AND row_index = s.row_index) f ON true
    LEFT JOIN LATERAL (
      SELECT d.comment FROM decision_entry e JOIN decision d ON d.id = e.decision_id
      WHERE e.batch_id = s.batch_id AND e.row_index = s.row_index AND e.ordinal = ${WHOLE_RECORD}
      ORDER BY e.version DESC LIMIT 1) d ON true
    WHERE ${isRejected(batch)} ${after === null ? empty : sql`AND s.row_index > ${after}`}
    ORDER BY s.row_index LIMIT ${first + 1}`);
  const page = found.slice(0, first);
  const columns = await sourceColumns(pool, batch);
  const rows = page.map((row) => [
    ...columns.map(({ read }) => toCell(read(row.rawData))),
    ...[toCell(row.rawData.raw), toCell(row.rawData.line), row.reason],
  ]);
  const names = [...columns.map(({ column }) => column), ...REJECTED_COLUMNS];
  return {
    text: toExportText(format, { columns: names, rows }, after === null),
    rowCount: page.length,
    end: page.at(-1)?.rowIndex ?? null,
    hasNextPage: found.length > first,
  };
}

/** @returns a condition on `s`, the state of a record */
function isRejected({ id, profile }: RejectedInput['batch']): Sql {
  if (profileByName(profile).kind === 'audit') return sql`false`;
  return sql`s.batch_id = ${id} AND (s.status IN ('INVALID', 'FAILED')
    OR (s.status IS NULL AND s.decision = 'REJECTED'))`;
}

interface SourceColumn {
  readonly column: string;
  readonly read: (data: RawData) => unknown;
}

/** The columns of the file that the rows came in; of rows that came in none, their keys. */
async function sourceColumns(
  pool: Pool,
  { id, profile, importOptions }: RejectedInput['batch'],
): Promise<SourceColumn[]> {
  if (importOptions !== null) return importOptions.columns.map(fileColumn);
  const { fields, unmapped } = await keysOf(pool, id, profileByName(profile));
  return [...fields.map(fieldColumn), ...unmapped.map(unmappedColumn)];
}

type FileColumns = ImportOptions['columns'];

/** Columns that were joined are one text since, which the first of them has. */
function fileColumn(
  { column, field }: FileColumns[number],
  index: number,
  columns: FileColumns,
): SourceColumn {
  if (field === null) return unmappedColumn(column);
  const isFirst = columns.findIndex((other) => other.field === field) === index;
  return { column, read: (data) => (isFirst ? data[field] : null) };
}

function fieldColumn(field: string): SourceColumn {
  return { column: field, read: (data) => data[field] };
}

function unmappedColumn(column: string): SourceColumn {
  return {
    column,
    // A column may be called "constructor", which every object has.
    read: ({ unmapped }) =>
      Object.hasOwn(Object(unmapped), column) ? Object(unmapped)[column] : null,
  };
}

/**
 * The keys that rows of a call have, fields in their usual order: of all rows, so that pages agree
 * whatever reviewers reject meanwhile. A call has few rows.
 */
async function keysOf(
  pool: Pool,
  batchId: string,
  profile: Profile,
): Promise<{ readonly fields: readonly string[]; readonly unmapped: readonly string[] }> {
  const { rows } = await pool.query<{ key: string; isUnmapped: boolean }>(sql`
    SELECT DISTINCT k.key, k."isUnmapped"
    FROM staged_record r CROSS JOIN LATERAL (
      SELECT jsonb_object_keys(r.raw_data) AS key, false AS "isUnmapped"
      UNION ALL
      SELECT jsonb_object_keys(r.raw_data->'unmapped'), true
      WHERE jsonb_typeof(r.raw_data->'unmapped') = 'object') k
    WHERE r.batch_id = ${batchId}
    ORDER BY k.key`);
  const fields =
    profile.kind === 'import' && profile.entityType !== null
      ? importFieldsOfAll(profile.entityType)
      : [];
  const has = new Set(rows.filter(({ isUnmapped }) => !isUnmapped).map(({ key }) => key));
  return {
    fields: fields.filter((field) => has.has(field)),
    unmapped: rows.filter(({ isUnmapped }) => isUnmapped).map(({ key }) => key),
  };
}

function toCell(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
