import { Readable } from 'node:stream';
import type { ImportLimits } from '../../../../../../src/domains/identity/services/imports/reading/importLimits.ts';
import { openTable } from '../../../../../../src/domains/identity/services/imports/reading/openTable.ts';
import type {
  AskedFormat,
  TableFormat,
  TableRow,
} from '../../../../../../src/domains/identity/services/imports/reading/table.ts';
import { readConfig } from '../../../../../../src/platform/config.ts';

/** What a whole file is read as. */
export interface WholeTable {
  readonly format: TableFormat;
  readonly columns: readonly string[];
  readonly lateColumns: readonly string[];
  readonly rows: readonly TableRow[];
}

export const DEFAULT_LIMITS: ImportLimits = readConfig({}).importLimits;

/** Reads a file that arrives in these pieces. */
export async function readTable(
  chunks: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>,
  asked: AskedFormat = {},
  limits: Partial<ImportLimits> = {},
): Promise<WholeTable> {
  const source = Readable.from(asBuffers(chunks), { objectMode: false });
  const table = await openTable(source, asked, { ...DEFAULT_LIMITS, ...limits });
  const rows = await Array.fromAsync(table.rows);
  const { format, columns, lateColumns } = table;
  return { format, columns, lateColumns, rows };
}

async function* asBuffers(chunks: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>) {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** Only the cells, where all rows can be read. */
export function cellsOf({ columns, rows }: WholeTable): readonly (readonly string[])[] {
  return [columns, ...rows.map((row) => ('cells' in row ? row.cells : [row.problem]))];
}
