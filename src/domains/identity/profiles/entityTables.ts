import type { EntityType, FieldsByType } from '../rules/entities.ts';

/** How a field is kept: which PostgreSQL type it is cast to and read back from. */
type ColumnType = 'text' | 'date' | 'uuid' | 'double precision' | 'contact_kind' | 'device_status';

interface Column {
  readonly column: string;
  readonly type: ColumnType;
}

type ColumnsOf<T extends EntityType> = { readonly [F in keyof FieldsByType[T]]: Column };

const text = (column: string): Column => ({ column, type: 'text' });

const address = {
  streetNumber: text('street_number'),
  addressLine1: text('address_line1'),
  addressLine2: text('address_line2'),
  locality: text('locality'),
  region: text('region'),
  postalCode: text('postal_code'),
  country: text('country'),
};

const columns: { readonly [T in EntityType]: ColumnsOf<T> } = {
  contact: {
    kind: { column: 'kind', type: 'contact_kind' },
    givenName: text('given_name'),
    familyName: text('family_name'),
    organisationName: text('organisation_name'),
    email: text('email'),
    phone: text('phone'),
    ...address,
    birthDate: { column: 'birth_date', type: 'date' },
    externalId: text('external_id'),
  },
  site: {
    name: text('name'),
    phone: text('phone'),
    email: text('email'),
    ...address,
    latitude: { column: 'latitude', type: 'double precision' },
    longitude: { column: 'longitude', type: 'double precision' },
    timeZone: text('time_zone'),
    ownerId: { column: 'owner_id', type: 'uuid' },
    externalId: text('external_id'),
  },
  device: {
    siteId: { column: 'site_id', type: 'uuid' },
    serialNumber: text('serial_number'),
    manufacturer: text('manufacturer'),
    model: text('model'),
    category: text('category'),
    macAddress: text('mac_address'),
    firmware: text('firmware'),
    installedOn: { column: 'installed_on', type: 'date' },
    warrantyEndsOn: { column: 'warranty_ends_on', type: 'date' },
    status: { column: 'status', type: 'device_status' },
    externalId: text('external_id'),
  },
};

/** The production table of an entity type. */
export const ENTITY_TABLES: { readonly [T in EntityType]: string } = {
  contact: 'third_party',
  site: 'customer_site',
  device: 'customer_device',
};

/** The fields of an entity type with their columns, in a fixed order. */
export function entityColumns(
  entityType: EntityType,
): readonly { readonly field: string; readonly column: string; readonly type: ColumnType }[] {
  return Object.entries(columns[entityType]).map(([field, column]) => ({ field, ...column }));
}

/**
 * The columns of an entity's fields as a select list, in the order of {@link entityColumns}.
 *
 * @param fields - those to select, null in place of the others; all where none are named
 */
export function selectFields(entityType: EntityType, fields?: readonly string[]): string {
  return entityColumns(entityType)
    .map(({ field, column }) => (fields?.includes(field) === false ? `NULL AS ${column}` : column))
    .join(', ');
}

/**
 * An entity's fields as one JSON object, in which every value comes as rules see it; an expression.
 *
 * @param alias - of the entity's table
 */
export function fieldsAsJson(entityType: EntityType, alias: string): string {
  const fields = entityColumns(entityType).map(
    ({ field, column }) => `'${field}', ${alias}.${column}`,
  );
  return `jsonb_build_object(${fields.join(', ')})`;
}
