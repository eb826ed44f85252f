import type { EntityType } from '../../rules/entities.ts';
import { exportedColumns } from '../exports/exportEntities.ts';
import { unescapeFormula } from '../exports/formulas.ts';
import { asCorrected, hasRejectedRows } from './correctedRows.ts';
import { isOwnId } from './ownIds.ts';
import type { Table, TableRow } from './reading/table.ts';

/**
 * A file as it was before this product has exported it: without the apostrophes that keep spreadsheets
 * from taking texts for formulas, and without what was said of rejected rows. Files from elsewhere
 * stay as they are.
 */
export function asExported(table: Table, entityType: EntityType): Table {
  const isRejected = hasRejectedRows(table);
  const isOurs = isRejected || isExport(table, entityType);
  const plain = isOurs && table.format.kind === 'CSV' ? withoutEscapes(table) : table;
  return isRejected ? asCorrected(plain) : plain;
}

function withoutEscapes(table: Table): Table {
  return {
    get format() {
      return table.format;
    },
    columns: table.columns.map(unescapeFormula),
    get lateColumns() {
      return table.lateColumns;
    },
    sample: table.sample.map(unescapeRow),
    rows: unescapeRows(table.rows),
  };
}

/**
 * Whether a file is an export of this product. People leave out columns of it, and move others; its
 * ids still tell it.
 */
export function isExport({ columns, sample }: Table, entityType: EntityType): boolean {
  const exported = exportedColumns(entityType);
  const id = columns.indexOf('id');
  if (id < 0 || !columns.every((column) => exported.includes(column))) return false;
  return sample.every((row) => 'problem' in row || isIdOrBlank(row.cells[id] ?? ''));
}

function isIdOrBlank(cell: string): boolean {
  return cell.trim() === '' || isOwnId(cell);
}

async function* unescapeRows(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  for await (const row of rows) yield unescapeRow(row);
}

function unescapeRow(row: TableRow): TableRow {
  return 'problem' in row ? row : { ...row, cells: row.cells.map(unescapeFormula) };
}
