import { badUserInput } from '../../../../platform/errors.ts';

/** How the columns of a file become fields of an entity. */
export interface ColumnMapping {
  /** For each column, in the file's order, the field that it fills; null where it fills none. */
  readonly fields: readonly (string | null)[];
  /** Their names. */
  readonly columns: readonly string[];
  /** Fields that have the same value in every row. */
  readonly constants: ReadonlyMap<string, string>;
}

export interface MappingRequest {
  /** Column name to field name; an empty one leaves the column out. */
  readonly map: ReadonlyMap<string, string>;
  /** Field name to the value that every row gets. */
  readonly set: ReadonlyMap<string, string>;
}

/**
 * Decides which column fills which field: as asked for, else by name, where case, spaces and
 * punctuation don't count.
 *
 * @param columns - the names of the file's columns, all different
 * @param fields - the fields of the entity type
 * @throws `BAD_USER_INPUT` for a column or field that is not there, and when no column fills a field
 */
export function mapColumns(
  columns: readonly string[],
  fields: readonly string[],
  { map, set }: MappingRequest,
): ColumnMapping {
  for (const [column, field] of map) {
    if (!columns.includes(column)) throw unknownColumn(column, columns);
    if (field !== '') assertField('map', field, fields);
  }
  for (const field of set.keys()) assertField('set', field, fields);
  const taken = new Set([...map.values(), ...set.keys()]);
  const mapped = columns.map((column) => {
    const asked = map.get(column);
    if (asked !== undefined) return asked === '' ? null : asked;
    const field = fields.find((candidate) => simplify(candidate) === simplify(column));
    if (field === undefined || taken.has(field)) return null;
    taken.add(field);
    return field;
  });
  if (mapped.every((field) => field === null)) throw nothingMapped(columns, fields);
  return { fields: mapped, columns, constants: set };
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function assertField(parameter: string, field: string, fields: readonly string[]): void {
  if (fields.includes(field)) return;
  throw badUserInput(parameter, `There is no field "${field}". Use one of ${fields.join(', ')}.`);
}

function unknownColumn(column: string, columns: readonly string[]): Error {
  return badUserInput(
    'map',
    `The file has no column "${column}". Its columns are ${columns.map((name) => `"${name}"`).join(', ')}.`,
  );
}

function nothingMapped(columns: readonly string[], fields: readonly string[]): Error {
  return badUserInput(
    'map',
    `No column of the file fills a field. Its columns are ${columns.map((name) => `"${name}"`).join(', ')}; the fields are ${fields.join(', ')}. Say which belongs to which with map=column=field.`,
  );
}

/**
 * The data of a row: its fields, and under `unmapped` the cells of columns that fill none. Columns
 * mapped to the same field are joined with a space.
 */
export function applyMapping(
  { fields, columns, constants }: ColumnMapping,
  cells: readonly string[],
): Record<string, unknown> {
  const data = new Map<string, unknown>();
  const unmapped = new Map<string, string>();
  for (const [index, cell] of cells.entries()) {
    const field = fields[index];
    if (cell === '') continue;
    if (field == null) unmapped.set(columns[index] ?? '', cell);
    else data.set(field, data.has(field) ? `${data.get(field)} ${cell}` : cell);
  }
  for (const [field, value] of constants) data.set(field, value);
  if (unmapped.size > 0) data.set('unmapped', Object.fromEntries(unmapped));
  return Object.fromEntries(data);
}
