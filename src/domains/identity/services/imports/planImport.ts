import { badUserInput } from '../../../../platform/errors.ts';
import type { DateOrder } from '../../profiles/formats/dates.ts';
import type { DecimalSeparator } from '../../profiles/formats/valueFormats.ts';
import type { EntityType } from '../../rules/entities.ts';
import {
  type Decision,
  decideDateOrder,
  decideDecimalSeparator,
  formatsOf,
} from './decideFormats.ts';
import { entityTypeNamed } from './entityTypeNamed.ts';
import type { ImportOptions, SavedReading } from './importOptions.ts';
import {
  type AskedColumn,
  applyMapping,
  type ColumnMapping,
  type MappedColumn,
  mapColumns,
} from './mapping/columnMapping.ts';
import { isExport } from './ownExports.ts';
import { isOwnId } from './ownIds.ts';
import type { AskedFormat, Table, TableFormat } from './reading/table.ts';

/** What a caller wants of how a file is read; the rest is decided. */
export interface AskedReading {
  /** In the order in which columns of the same field are joined. */
  readonly map: readonly AskedColumn[];
  /** Field name to the value that every row gets. */
  readonly set: ReadonlyMap<string, string>;
  readonly dateOrder: DateOrder | null;
  readonly decimalSeparator: DecimalSeparator | null;
  /** Null for as saved, else no. */
  readonly blankErases: boolean | null;
  readonly format: AskedFormat;
  readonly fileName: string | null;
}

/** How a file is going to be read. */
export interface ImportPlan {
  readonly entityType: EntityType;
  readonly mapping: ColumnMapping;
  readonly dateOrder: Decision<DateOrder>;
  readonly decimalSeparator: Decision<DecimalSeparator>;
  readonly blankErases: boolean;
}

/** What people are told of a plan. */
export interface DescribedPlan {
  /** What the file was read as. */
  readonly format: TableFormat;
  readonly columns: readonly MappedColumn[];
  /** Which column fills which field. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Columns that fill no field; their cells are kept with the records. */
  readonly unmappedColumns: readonly string[];
  /** Columns of the saved mapping that the file does not have. */
  readonly missingColumns: readonly string[];
  readonly dateOrder: Decision<DateOrder>;
  readonly decimalSeparator: Decision<DecimalSeparator>;
  readonly blankErases: boolean;
}

interface PlannedFile {
  readonly table: Table;
  readonly entityType: EntityType;
  readonly asked: AskedReading;
  readonly saved: SavedReading | null;
  /** ISO 3166-1 alpha-2 of the workspace. */
  readonly country: string | null;
}

/**
 * Decides how a file is read, by what is asked for, what was saved, and its first rows.
 *
 * @throws `BAD_USER_INPUT` when the mapping can't be used, and where nothing of the saved one fits
 */
export function planImport({ table, entityType, asked, saved, country }: PlannedFile): ImportPlan {
  const cells = table.sample.flatMap((row) => ('cells' in row ? [row.cells] : []));
  const mapped = new Set(asked.map.map(({ field }) => field));
  const constants = Object.entries(saved?.constants ?? {}).filter(([field]) => !mapped.has(field));
  const set = new Map([...constants, ...asked.set]);
  const mapping = mapColumns(table.columns, entityType, {
    ...{ map: asked.map, saved: saved?.columns ?? [], set },
    holdsIds: (index) => cells.every((row) => isBlankOr(isOwnId, row[index])),
    holdsTypes: (index) => cells.every((row) => isBlankOr(isTypeName, row[index])),
  });
  assertFits(saved, mapping);
  const rows = cells.map((row) => applyMapping(mapping, row));
  return {
    entityType,
    mapping,
    dateOrder: decideDateOrder(rows, {
      asked: asked.dateOrder,
      saved: saved?.dateOrder ?? null,
      country,
    }),
    decimalSeparator: decideDecimalSeparator(rows, {
      asked: asked.decimalSeparator,
      saved: saved?.decimalSeparator ?? null,
      // Numbers of JSON, and of exports, have a point in all countries.
      country: table.format.kind === 'NDJSON' || isExport(table, entityType) ? null : country,
    }),
    blankErases: asked.blankErases ?? saved?.blankErases ?? false,
  };
}

function isBlankOr(isSuch: (cell: string) => boolean, cell = ''): boolean {
  return cell.trim() === '' || isSuch(cell);
}

function isTypeName(cell: string): boolean {
  return entityTypeNamed(cell) !== null;
}

/** A source may leave a column out; but a file with none of them is from elsewhere. */
function assertFits(saved: SavedReading | null, { missingColumns }: ColumnMapping): void {
  const mapped = saved?.columns.filter(({ field }) => field !== null) ?? [];
  const missing = new Set(missingColumns);
  if (mapped.length === 0 || mapped.some(({ column }) => !missing.has(column))) return;
  throw badUserInput(
    'mapping',
    `The file has none of the columns of the saved mapping: ${mapped.map(({ column }) => `"${column}"`).join(', ')}. Is it from another source?`,
  );
}

/** A plan as it is kept with the batch. */
export function toOptions(plan: ImportPlan, table: Table, asked: AskedReading): ImportOptions {
  return {
    fileName: asked.fileName,
    format: table.format,
    columns: [
      ...plan.mapping.columns.map(({ column, field }) => ({ column, field })),
      ...table.lateColumns.map((column) => ({ column, field: null })),
    ],
    constants: Object.fromEntries(plan.mapping.constants),
    ...formatsOf(plan),
    blankErases: plan.blankErases,
  };
}

/** What is worth keeping of a plan for the next file of its source. */
export function toSavedReading(
  { mapping, dateOrder, decimalSeparator, blankErases }: ImportPlan,
  { encoding, delimiter }: AskedFormat,
): SavedReading {
  const name = (index: number): string => mapping.columns[index]?.column ?? '';
  const joined = [...mapping.sources].flatMap(([field, indexes]) =>
    indexes.map((index) => ({ column: name(index), field })),
  );
  const unmapped = mapping.columns.filter(({ field }) => field === null);
  return {
    columns: [...joined, ...unmapped.map(({ column }) => ({ column, field: null }))],
    constants: Object.fromEntries(mapping.constants),
    dateOrder: kept(dateOrder),
    decimalSeparator: kept(decimalSeparator),
    blankErases,
    encoding: encoding ?? null,
    delimiter: delimiter ?? null,
  };
}

/** The next file may tell what this one did not. */
function kept<T>({ value, reason }: Decision<T>): T | null {
  return reason === 'COUNTRY' || reason === 'DEFAULT' ? null : value;
}

export function describePlan(plan: ImportPlan, { format }: Table): DescribedPlan {
  const { columns, missingColumns } = plan.mapping;
  const { dateOrder, decimalSeparator, blankErases } = plan;
  return {
    ...{ format, columns },
    mapping: Object.fromEntries(
      columns.flatMap(({ column, field }) => (field === null ? [] : [[column, field] as const])),
    ),
    unmappedColumns: columns.filter(({ field }) => field === null).map(({ column }) => column),
    ...{ missingColumns, dateOrder, decimalSeparator, blankErases },
  };
}
