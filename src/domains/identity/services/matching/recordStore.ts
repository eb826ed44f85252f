import type { ContactFields, SiteFields } from '../../rules/entities.ts';
import { normaliseAddressLines } from './normalise/address.ts';
import { normaliseEmail, normalisePhone, ownLocalPart } from './normalise/contactPoint.ts';
import { normaliseOrganisationName } from './normalise/organisation.ts';
import { normaliseBirthDate, normalisePersonNames } from './normalise/person.ts';
import { foldText } from './normalise/text.ts';
import { StringTable } from './stringTable.ts';

/** The types of entities that are matched. */
export type MatchedType = 'contact' | 'site';

/** Records are compared with those of their own population alone. */
export const POPULATIONS = ['person', 'organisation', 'site'] as const;
export type Population = (typeof POPULATIONS)[number];

/** What is kept of a record: one number each, 0 where it is missing. */
const COLUMNS = [
  'population',
  'given',
  'family',
  'birth',
  'name',
  'number',
  'street',
  'secondLine',
  'locality',
  'region',
  'postal',
  'email',
  'localPart',
  'phone',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Which texts the numbers of a column stand for. */
type TableName = 'names' | 'organisations' | 'places' | 'points' | 'dates';
const TABLE_OF: Readonly<Partial<Record<Column, TableName>>> = {
  given: 'names',
  family: 'names',
  birth: 'dates',
  name: 'organisations',
  number: 'places',
  street: 'places',
  secondLine: 'places',
  locality: 'places',
  region: 'places',
  postal: 'places',
  email: 'points',
  localPart: 'points',
  phone: 'points',
};

/** Missing fields may be left out. */
export type MatchedFields = Partial<
  Omit<ContactFields, 'kind'> & Pick<SiteFields, 'name' | 'latitude' | 'longitude'>
>;

/**
 * The records of one type, their values normalised once and kept as columns of numbers: about 150
 * bytes a record with its texts.
 */
export class RecordStore {
  readonly type: MatchedType;
  readonly #tables = {
    names: new StringTable(),
    organisations: new StringTable(),
    places: new StringTable(),
    points: new StringTable(),
    dates: new StringTable(),
  };
  readonly #columns = new Map<Column, Int32Array>(
    COLUMNS.map((column) => [column, new Int32Array(1 << 10)]),
  );
  #latitudes = new Float32Array(0);
  #longitudes = new Float32Array(0);
  #size = 0;

  constructor(type: MatchedType) {
    this.type = type;
  }

  /** How many records there are. */
  get size(): number {
    return this.#size;
  }

  /** Takes a record in, and returns its row: 0, 1, 2 and so on. */
  add(fields: MatchedFields): number {
    const row = this.#size;
    this.#size += 1;
    if (row === this.column('population').length) this.#grow(row * 2);
    const { given, family } =
      this.type === 'contact'
        ? normalisePersonNames(fields.givenName, fields.familyName)
        : { given: '', family: '' };
    const name = normaliseOrganisationName(
      this.type === 'contact' ? fields.organisationName : fields.name,
    );
    this.#setPopulation(row, given !== '' || family !== '', name);
    this.#setText(row, 'given', given);
    this.#setText(row, 'family', family);
    this.#setText(row, 'name', name);
    this.#setText(row, 'birth', normaliseBirthDate(fields.birthDate));
    this.#setAddress(row, fields);
    const email = normaliseEmail(fields.email);
    this.#setText(row, 'email', email);
    this.#setText(row, 'localPart', ownLocalPart(email, given, family));
    this.#setText(row, 'phone', normalisePhone(fields.phone));
    if (this.type === 'site') this.#setPosition(row, fields);
    return row;
  }

  /** The numbers of a column by row. Valid until records are added; may be longer than {@link size}. */
  column(column: Column): Int32Array {
    const values = this.#columns.get(column);
    if (values === undefined) throw new RangeError(`There is no column ${column}.`);
    return values;
  }

  /** The texts that the numbers of a column stand for. */
  table(column: Column): StringTable {
    const name = TABLE_OF[column];
    if (name === undefined) throw new RangeError(`The column ${column} has no texts.`);
    return this.#tables[name];
  }

  /** Degrees by row, NaN where they are missing; empty for contacts. */
  get latitudes(): Float32Array {
    return this.#latitudes;
  }

  get longitudes(): Float32Array {
    return this.#longitudes;
  }

  /** A normalised value in words, null where it is missing. */
  value(row: number, column: Column): string | null {
    const id = this.column(column)[row] ?? 0;
    if (id === 0) return null;
    return TABLE_OF[column] === undefined ? String(id) : this.table(column).text(id);
  }

  /** Which population a row belongs to; null when it has no name and is compared with nothing. */
  populationOf(row: number): Population | null {
    return POPULATIONS[(this.column('population')[row] ?? 0) - 1] ?? null;
  }

  #setPopulation(row: number, isPerson: boolean, name: string): void {
    const population =
      this.type === 'site' ? 'site' : isPerson || name === '' ? 'person' : 'organisation';
    this.#set(row, 'population', POPULATIONS.indexOf(population) + 1);
  }

  #setAddress(row: number, fields: MatchedFields): void {
    const lines = normaliseAddressLines(
      fields.streetNumber,
      fields.addressLine1,
      fields.addressLine2,
    );
    this.#setText(row, 'number', lines.number);
    this.#setText(row, 'street', lines.street);
    this.#setText(row, 'secondLine', lines.secondLine);
    this.#setText(row, 'locality', foldText(fields.locality));
    this.#setText(row, 'region', foldText(fields.region));
    this.#setText(row, 'postal', foldText(fields.postalCode).replaceAll(' ', ''));
  }

  #setPosition(row: number, { latitude, longitude }: MatchedFields): void {
    if (row >= this.#latitudes.length) {
      const capacity = this.column('population').length;
      this.#latitudes = extended(this.#latitudes, new Float32Array(capacity));
      this.#longitudes = extended(this.#longitudes, new Float32Array(capacity));
    }
    this.#latitudes[row] = latitude ?? Number.NaN;
    this.#longitudes[row] = longitude ?? Number.NaN;
  }

  #setText(row: number, column: Column, text: string): void {
    if (text !== '') this.#set(row, column, this.table(column).intern(text));
  }

  #set(row: number, column: Column, value: number): void {
    this.column(column)[row] = value;
  }

  #grow(capacity: number): void {
    for (const [column, values] of this.#columns) {
      this.#columns.set(column, extended(values, new Int32Array(capacity)));
    }
  }
}

function extended<T extends Int32Array | Float32Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
