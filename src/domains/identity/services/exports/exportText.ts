import { stringify } from 'csv-stringify/sync';
import { escapeFormula } from './formulas.ts';

export const EXPORT_FORMATS = ['CSV', 'NDJSON'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A value of an export; numbers are written as such. */
export type Cell = string | number | null;

/** Some rows under the same columns. */
export interface ExportedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Other readers strip spaces, and take a carriage return for the end of a line, where there are no quotes. */
const QUOTED = /^\s|[\r\n]|\s$/;

/**
 * Writes rows as lines of CSV (RFC 4180, ended by LF, texts without formulas) or of NDJSON.
 *
 * @param withHeader - whether the names of the columns are the first line of CSV
 */
export function toExportText(
  format: ExportFormat,
  { columns, rows }: ExportedRows,
  withHeader: boolean,
): string {
  if (format === 'NDJSON') return rows.map((row) => toJsonLine(columns, row)).join('');
  const lines = withHeader ? [columns, ...rows] : rows;
  return stringify(
    lines.map((cells) => cells.map(toCsvCell)),
    { quoted_match: QUOTED },
  );
}

function toJsonLine(columns: readonly string[], cells: readonly Cell[]): string {
  const entries = columns.map((column, index) => [column, cells[index] ?? null] as const);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}

function toCsvCell(cell: Cell): string {
  return typeof cell === 'string' ? escapeFormula(cell) : String(cell ?? '');
}
