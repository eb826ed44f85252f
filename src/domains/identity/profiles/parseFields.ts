import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type {
  ContactFields,
  DeviceFields,
  EntityType,
  FieldsByType,
  SiteFields,
} from '../rules/entities.ts';

type RawData = Readonly<Record<string, unknown>>;

/** A value that can't be read as its field; the message names the field and what was expected. */
export class UnreadableValueError extends Error {
  override readonly name = 'UnreadableValueError';
}

/** What is said of a value that can't be read. */
export function unreadable(field: string, value: unknown, expected: string): UnreadableValueError {
  return new UnreadableValueError(`${field}: expected ${expected}, got ${JSON.stringify(value)}.`);
}

/** Blank cells are absent values. */
function present(raw: RawData, field: string): unknown {
  const value = raw[field];
  return value === undefined || (typeof value === 'string' && value.trim() === '') ? null : value;
}

/** Longer ones are no value of a field, and would not fit the indexes. */
const MAX_TEXT_CHARACTERS = 1_000;

function text(raw: RawData, field: string): string | null {
  const value = present(raw, field);
  if (value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw unreadable(field, value, 'a text');
  if (value.length <= MAX_TEXT_CHARACTERS) return value;
  const expected = `a text of at most ${MAX_TEXT_CHARACTERS} characters`;
  throw new UnreadableValueError(`${field}: expected ${expected}, got ${value.length}.`);
}

function trimmed(raw: RawData, field: string): string | null {
  return text(raw, field)?.trim() ?? null;
}

/** @param limit - of degrees, on either side of zero */
function degrees(raw: RawData, field: string, limit: number): number | null {
  const value = trimmed(raw, field);
  if (value === null) return null;
  const number = /^[+-]?\d{1,3}(\.\d{1,25})?(e-\d{1,3})?$/i.test(value)
    ? Number(value)
    : Number.NaN;
  if (Math.abs(number) <= limit) return number;
  throw unreadable(field, value, `degrees from -${limit} to ${limit}, such as 47.3769`);
}

const isoDate = z.iso.date();

/** The calendar of PostgreSQL has no year 0. */
function date(raw: RawData, field: string): string | null {
  const value = trimmed(raw, field);
  if (value === null) return null;
  if (isoDate.safeParse(value).success && !value.startsWith('0000')) return value;
  throw unreadable(field, value, 'a date as YYYY-MM-DD');
}

function id(raw: RawData, field: string): string | null {
  const value = trimmed(raw, field);
  if (value === null || isUuid(value)) return value?.toLowerCase() ?? null;
  throw unreadable(field, value, 'the id (UUID) of an entity of this workspace');
}

function oneOf<const T extends string>(
  raw: RawData,
  field: string,
  allowed: readonly T[],
): T | null {
  const value = trimmed(raw, field);
  if (value === null) return null;
  const match = allowed.find((candidate) => candidate === value.toUpperCase());
  if (match === undefined) throw unreadable(field, value, `one of ${allowed.join(', ')}`);
  return match;
}

function address(raw: RawData) {
  return {
    streetNumber: text(raw, 'streetNumber'),
    addressLine1: text(raw, 'addressLine1'),
    addressLine2: text(raw, 'addressLine2'),
    locality: text(raw, 'locality'),
    region: text(raw, 'region'),
    postalCode: text(raw, 'postalCode'),
    country: text(raw, 'country'),
  };
}

function contact(raw: RawData): ContactFields {
  const givenName = text(raw, 'givenName');
  const familyName = text(raw, 'familyName');
  const organisationName = text(raw, 'organisationName');
  const looksLikeOrganisation =
    organisationName !== null && givenName === null && familyName === null;
  return {
    kind:
      oneOf(raw, 'kind', ['PERSON', 'ORGANISATION']) ??
      (looksLikeOrganisation ? 'ORGANISATION' : 'PERSON'),
    givenName,
    familyName,
    organisationName,
    email: text(raw, 'email'),
    phone: text(raw, 'phone'),
    ...address(raw),
    birthDate: date(raw, 'birthDate'),
    externalId: text(raw, 'externalId'),
  };
}

function site(raw: RawData): SiteFields {
  return {
    name: text(raw, 'name'),
    phone: text(raw, 'phone'),
    email: text(raw, 'email'),
    ...address(raw),
    latitude: degrees(raw, 'latitude', 90),
    longitude: degrees(raw, 'longitude', 180),
    timeZone: text(raw, 'timeZone'),
    ownerId: id(raw, 'ownerId'),
    externalId: text(raw, 'externalId'),
  };
}

function device(raw: RawData): DeviceFields {
  return {
    siteId: id(raw, 'siteId'),
    serialNumber: text(raw, 'serialNumber'),
    manufacturer: text(raw, 'manufacturer'),
    model: text(raw, 'model'),
    category: text(raw, 'category'),
    macAddress: text(raw, 'macAddress'),
    firmware: text(raw, 'firmware'),
    installedOn: date(raw, 'installedOn'),
    warrantyEndsOn: date(raw, 'warrantyEndsOn'),
    status: oneOf(raw, 'status', ['PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED']) ?? 'ACTIVE',
    externalId: text(raw, 'externalId'),
  };
}

/**
 * The entity that a row says it is about; null where it says nothing.
 *
 * @throws {@link UnreadableValueError} for what is no id
 */
export function parseId(raw: RawData): string | null {
  return id(raw, 'id');
}

const parsers: { readonly [T in EntityType]: (raw: RawData) => FieldsByType[T] } = {
  contact,
  site,
  device,
};

/**
 * Reads a row's data as the fields of an entity. Text is taken as it is; blank cells are absent.
 *
 * @throws {@link UnreadableValueError} when a value is not of its field's type
 */
export function parseFields<T extends EntityType>(entityType: T, raw: RawData): FieldsByType[T] {
  return parsers[entityType](raw);
}

/** Under this key of its data, a row names the fields that its blank cells are to erase. */
export const ERASED_FIELDS = 'erases';

/**
 * The fields for which a row has a value of its own: blank cells, and what is taken for them, say
 * nothing about an entity that is there already, unless they are to erase, which is a null.
 *
 * @throws {@link UnreadableValueError} when a value is not of its field's type
 */
export function parseGivenFields(
  entityType: EntityType,
  raw: RawData,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries(parseFields(entityType, raw));
  const erased = raw[ERASED_FIELDS];
  const isErased = (field: string) => Array.isArray(erased) && erased.includes(field);
  return Object.fromEntries(
    fields.filter(([field]) => present(raw, field) !== null || isErased(field)),
  );
}
