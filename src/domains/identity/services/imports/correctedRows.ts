import { REJECTED_COLUMNS } from '../exports/rejectedColumns.ts';
import type { Table, TableRow } from './reading/table.ts';

/** Whether a file has rejected rows of an import: by the columns that it ends with. */
export function hasRejectedRows({ columns }: Table): boolean {
  const last = columns.slice(-REJECTED_COLUMNS.length);
  return (
    columns.length > last.length && REJECTED_COLUMNS.every((name, index) => last[index] === name)
  );
}

/**
 * Rejected rows that come again: without what was said of them. One that could not be read, and whose
 * cells nobody has filled in, still can't.
 */
export function asCorrected(table: Table): Table {
  const width = table.columns.length - REJECTED_COLUMNS.length;
  const correct = (row: TableRow): TableRow => correctRow(row, width);
  return {
    get format() {
      return table.format;
    },
    columns: table.columns.slice(0, width),
    get lateColumns() {
      return table.lateColumns;
    },
    sample: table.sample.map(correct),
    rows: mapRows(table.rows, correct),
  };
}

async function* mapRows(
  rows: AsyncIterable<TableRow>,
  map: (row: TableRow) => TableRow,
): AsyncGenerator<TableRow> {
  for await (const row of rows) yield map(row);
}

function correctRow(row: TableRow, width: number): TableRow {
  if ('problem' in row) return row;
  const cells = row.cells.slice(0, width);
  const raw = row.cells[width] ?? '';
  if (raw === '' || cells.some((cell) => cell.trim() !== '')) return { ...row, cells };
  const problem = `Line ${row.line} has not been corrected: write what is in _raw into the cells of its columns.`;
  return { line: row.line, problem, raw };
}
