import { badUserInput } from '../../../../../platform/errors.ts';
import type { EntityType } from '../../../rules/entities.ts';
import { FIELD_MEANINGS, FOREIGN_ID, type Meaning, meaningsBeside } from './headerMeanings.ts';
import { headerName } from './headerName.ts';
import { importFields, importFieldsOfAll } from './importFields.ts';

/** A column, and the field that somebody wants it to fill; none where it is null. */
export interface AskedColumn {
  readonly column: string;
  readonly field: string | null;
}

/** How a column came to its field: somebody said so, now or before, or by its header. */
export type MappingReason = 'ASKED' | 'SAVED' | 'NAME' | 'SYNONYM';

export interface MappedColumn {
  readonly column: string;
  /** Null where it fills none: its cells are kept with the records. */
  readonly field: string | null;
  /** Null where nothing says what it means. */
  readonly reason: MappingReason | null;
  /** The column that fills the field which this one means too; null where there is none. */
  readonly takenBy: string | null;
}

/** How the columns of a file become fields of an entity. */
export interface ColumnMapping {
  /** In the order of the file. */
  readonly columns: readonly MappedColumn[];
  /** The columns that fill each field, by their places in the file, in the order they are joined in. */
  readonly sources: ReadonlyMap<string, readonly number[]>;
  /** Fields that have the same value in every row. */
  readonly constants: ReadonlyMap<string, string>;
  /** Columns of the saved mapping that the file does not have. */
  readonly missingColumns: readonly string[];
}

export interface MappingRequest {
  /** In the order in which columns of the same field are joined. */
  readonly map: readonly AskedColumn[];
  /** Of a mapping that was saved before; what is asked for now comes first. */
  readonly saved: readonly AskedColumn[];
  /** Field name to the value that every row gets. */
  readonly set: ReadonlyMap<string, string>;
  /** Whether the cells of a column, by its place, are ids as this product gives them out. */
  readonly holdsIds: (index: number) => boolean;
  /** Whether they are types of entities. */
  readonly holdsTypes: (index: number) => boolean;
}

/**
 * Decides which column fills which field: as asked for, as saved, else by name or synonym. A field
 * that several columns mean is filled by the one whose header means it best.
 *
 * @param columns - their names, all different
 * @throws `BAD_USER_INPUT` for a column or field that is not there or asked for in two ways, and when
 *   no column fills a field
 */
export function mapColumns(
  columns: readonly string[],
  entityType: EntityType,
  { map, saved, set, holdsIds, holdsTypes }: MappingRequest,
): ColumnMapping {
  for (const { column } of map) {
    if (!columns.includes(column)) throw unknownColumn(column, columns);
  }
  assertNoContradiction(map, set);
  const mapping = new MappingInProgress(columns, [...set.keys()], { holdsIds, holdsTypes });
  mapping.take(map, 'ASKED');
  const missingColumns = mapping.takeSaved(saved);
  mapping.takeByMeaning(FIELD_MEANINGS[entityType]);
  mapping.takeByMeaning(meaningsBeside(entityType, mapping.fields()));
  const isMixed = mapping.fields().has('entityType');
  if (isMixed) mapping.takeByMeaning(FIELD_MEANINGS.all);
  const known = isMixed ? importFieldsOfAll(entityType) : importFields(entityType);
  for (const { field } of map) if (field !== null) assertField('map', field, known);
  for (const field of set.keys()) assertField('set', field, known);
  if (mapping.sources.size === 0) throw nothingMapped(columns, known);
  return {
    columns: mapping.columns(),
    sources: mapping.sources,
    constants: set,
    missingColumns,
  };
}

/** What the cells of columns tell of their meaning. */
type ColumnContent = Pick<MappingRequest, 'holdsIds' | 'holdsTypes'>;

class MappingInProgress {
  readonly sources = new Map<string, number[]>();
  readonly #names: readonly string[];
  readonly #constants: ReadonlySet<string>;
  readonly #content: ColumnContent;
  readonly #mapped = new Map<number, { field: string | null; reason: MappingReason }>();
  readonly #meant = new Map<number, string>();

  constructor(names: readonly string[], constants: readonly string[], content: ColumnContent) {
    this.#names = names;
    this.#content = content;
    this.#constants = new Set(constants);
  }

  fields(): ReadonlySet<string> {
    return new Set([...this.sources.keys(), ...this.#constants]);
  }

  /** Several of these columns may fill one field, unless it is taken already. */
  take(asked: readonly AskedColumn[], reason: 'ASKED' | 'SAVED'): void {
    const taken = reason === 'ASKED' ? new Set<string>() : this.fields();
    for (const { column, field } of asked) {
      const index = this.#names.indexOf(column);
      if (this.#mapped.has(index)) continue;
      if (field === null || !taken.has(field)) this.#fill(index, field, reason);
      else this.#meant.set(index, field);
    }
  }

  /** @returns the columns that the file does not have */
  takeSaved(saved: readonly AskedColumn[]): readonly string[] {
    const byName = new Map(this.#names.toReversed().map((name) => [headerName(name), name]));
    const found = saved.map(({ column, field }) => ({
      ...{ column, field },
      here: this.#names.includes(column) ? column : byName.get(headerName(column)),
    }));
    const here = found.flatMap(({ here: column, field }) =>
      column === undefined ? [] : [{ column, field }],
    );
    this.take(here, 'SAVED');
    return found.filter(({ here: column }) => column === undefined).map(({ column }) => column);
  }

  takeByMeaning(meanings: ReadonlyMap<string, Meaning>): void {
    const candidates = this.#names
      .flatMap((name, index) => {
        const meaning = this.#mapped.has(index) ? undefined : meanings.get(headerName(name));
        if (meaning === undefined) return [];
        const { field, rank } = meaning;
        // CRMs have a "Record type" of their own.
        if (field === 'entityType' && rank > 0 && !this.#content.holdsTypes(index)) return [];
        const isForeign = field === 'id' && !this.#content.holdsIds(index);
        return [{ index, ...(isForeign ? FOREIGN_ID : meaning) }];
      })
      .toSorted((a, b) => a.rank - b.rank || a.index - b.index);
    for (const { index, field, rank } of candidates) {
      if (this.fields().has(field)) this.#meant.set(index, field);
      else this.#fill(index, field, rank === 0 ? 'NAME' : 'SYNONYM');
    }
  }

  columns(): readonly MappedColumn[] {
    return this.#names.map((column, index) => {
      const { field, reason } = this.#mapped.get(index) ?? { field: null, reason: null };
      const taker = this.sources.get(this.#meant.get(index) ?? '')?.[0];
      const takenBy = reason === null && taker !== undefined ? (this.#names[taker] ?? null) : null;
      return { column, field, reason, takenBy };
    });
  }

  #fill(index: number, field: string | null, reason: MappingReason): void {
    this.#mapped.set(index, { field, reason });
    if (field === null) return;
    const sources = this.sources.get(field);
    if (sources === undefined) this.sources.set(field, [index]);
    else sources.push(index);
  }
}

/** Of two wishes, the one that is not heeded would get lost without a word. */
function assertNoContradiction(
  map: readonly AskedColumn[],
  set: ReadonlyMap<string, string>,
): void {
  const mapped = new Set<string>();
  for (const { column, field } of map) {
    if (mapped.has(column)) {
      throw badUserInput('map', `The column "${column}" is mapped twice. It can fill one field.`);
    }
    mapped.add(column);
    if (field !== null && set.has(field)) {
      throw badUserInput('map', `"${field}" can't be both filled by "${column}" and set.`);
    }
  }
}

function assertField(parameter: string, field: string, fields: readonly string[]): void {
  if (fields.includes(field)) return;
  throw badUserInput(parameter, `There is no field "${field}". Use one of ${fields.join(', ')}.`);
}

function unknownColumn(column: string, columns: readonly string[]): Error {
  return badUserInput(
    'map',
    `The file has no column "${column}". Its columns are ${quoted(columns)}.`,
  );
}

function nothingMapped(columns: readonly string[], fields: readonly string[]): Error {
  return badUserInput(
    'map',
    `No column of the file fills a field. Its columns are ${quoted(columns)}; the fields are ${fields.join(', ')}. Say which belongs to which with map=column=field.`,
  );
}

/** So many say what kind of file it is. */
const NAMED_COLUMNS = 40;

function quoted(columns: readonly string[]): string {
  const named = columns.slice(0, NAMED_COLUMNS).map((name) => `"${name}"`);
  const rest = columns.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

/**
 * The data of a row: its fields, and under `unmapped` the cells of columns that fill none. Columns
 * mapped to the same field are joined with a space. Blank cells are left out.
 */
export function applyMapping(
  { columns, sources, constants }: ColumnMapping,
  cells: readonly string[],
): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [field, indexes] of sources) {
    const value = indexes
      .map((index) => cells[index] ?? '')
      .filter((cell) => cell !== '')
      .join(' ');
    if (value !== '') data[field] = value;
  }
  for (const [field, value] of constants) data[field] = value;
  const unmapped = columns.flatMap(({ column, field }, index) => {
    const cell = cells[index] ?? '';
    return field !== null || cell === '' ? [] : [[column, cell] as const];
  });
  if (unmapped.length > 0) data.unmapped = Object.fromEntries(unmapped);
  return data;
}
