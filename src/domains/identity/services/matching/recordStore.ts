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

  /** Takes a record in, and returns its row: 0, 1, 2 and so on. Where it throws, nothing has changed. */
  add(fields: MatchedFields): number {
    const texts = normalise(this.type, fields);
    const row = this.#size;
    if (row === this.column('population').length) this.#grow(row * 2);
    this.#set(row, 'population', POPULATIONS.indexOf(populationOf(this.type, texts)) + 1);
    for (const [column, text] of texts) {
      if (text !== '') this.#set(row, column, this.table(column).intern(text));
    }
    if (this.type === 'site') this.#setPosition(row, fields);
    this.#size += 1;
    return row;
  }

  /**
   * Forgets the records from a row on; their texts stay. Matchers that were made before are of no use
   * any more.
   *
   * @throws RangeError where there are not so many records
   */
  truncate(size: number): void {
    if (size > this.#size) throw new RangeError(`There are only ${this.#size} records.`);
    for (const column of COLUMNS) this.column(column).fill(0, size, this.#size);
    this.#size = size;
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

  #setPosition(row: number, { latitude, longitude }: MatchedFields): void {
    if (row >= this.#latitudes.length) {
      const capacity = this.column('population').length;
      this.#latitudes = extended(this.#latitudes, new Float32Array(capacity));
      this.#longitudes = extended(this.#longitudes, new Float32Array(capacity));
    }
    this.#latitudes[row] = latitude ?? Number.NaN;
    this.#longitudes[row] = longitude ?? Number.NaN;
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

/** The texts of a record by column, as they are compared; empty where they are missing. */
type NormalisedTexts = readonly (readonly [column: Column, text: string])[];

function normalise(type: MatchedType, fields: MatchedFields): NormalisedTexts {
  const isContact = type === 'contact';
  const { given, family } = isContact
    ? normalisePersonNames(fields.givenName, fields.familyName)
    : { given: '', family: '' };
  const lines = normaliseAddressLines(
    fields.streetNumber,
    fields.addressLine1,
    fields.addressLine2,
  );
  const email = normaliseEmail(fields.email);
  return [
    ['given', given],
    ['family', family],
    ['name', normaliseOrganisationName(isContact ? fields.organisationName : fields.name)],
    ['birth', normaliseBirthDate(fields.birthDate)],
    ['number', lines.number],
    ['street', lines.street],
    ['secondLine', lines.secondLine],
    ['locality', foldText(fields.locality)],
    ['region', foldText(fields.region)],
    ['postal', foldText(fields.postalCode).replaceAll(' ', '')],
    ['email', email],
    ['localPart', ownLocalPart(email, given, family)],
    ['phone', normalisePhone(fields.phone)],
  ];
}

function populationOf(type: MatchedType, texts: NormalisedTexts): Population {
  if (type === 'site') return 'site';
  const has = (wanted: Column): boolean =>
    texts.some(([column, text]) => column === wanted && text !== '');
  return has('given') || has('family') || !has('name') ? 'person' : 'organisation';
}

function extended<T extends Int32Array | Float32Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
