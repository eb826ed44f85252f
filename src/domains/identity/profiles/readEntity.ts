import type { CopiedRow } from '../../../platform/postgres/copyOut.ts';
import type {
  ContactFields,
  DeviceFields,
  EntityType,
  FieldsByType,
  SiteFields,
} from '../rules/entities.ts';

/*
 * Written out field by field, in the order of entityColumns: objects that are made in one place have
 * one hidden class, and a loop over field names took three times as long for a million entities.
 */

function text(row: CopiedRow, index: number): string | null {
  return row[index] || null;
}

function number(row: CopiedRow, index: number): number | null {
  const value = row[index];
  return value ? Number(value) : null;
}

function contact(row: CopiedRow, at: number): ContactFields {
  return {
    kind: row[at] === 'ORGANISATION' ? 'ORGANISATION' : 'PERSON',
    givenName: text(row, at + 1),
    familyName: text(row, at + 2),
    organisationName: text(row, at + 3),
    email: text(row, at + 4),
    phone: text(row, at + 5),
    streetNumber: text(row, at + 6),
    addressLine1: text(row, at + 7),
    addressLine2: text(row, at + 8),
    locality: text(row, at + 9),
    region: text(row, at + 10),
    postalCode: text(row, at + 11),
    country: text(row, at + 12),
    birthDate: text(row, at + 13),
    externalId: text(row, at + 14),
  };
}

function site(row: CopiedRow, at: number): SiteFields {
  return {
    name: text(row, at),
    phone: text(row, at + 1),
    email: text(row, at + 2),
    streetNumber: text(row, at + 3),
    addressLine1: text(row, at + 4),
    addressLine2: text(row, at + 5),
    locality: text(row, at + 6),
    region: text(row, at + 7),
    postalCode: text(row, at + 8),
    country: text(row, at + 9),
    latitude: number(row, at + 10),
    longitude: number(row, at + 11),
    timeZone: text(row, at + 12),
    ownerId: text(row, at + 13),
    externalId: text(row, at + 14),
  };
}

const DEVICE_STATUSES = ['PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED'] as const;

function device(row: CopiedRow, at: number): DeviceFields {
  return {
    siteId: text(row, at),
    serialNumber: text(row, at + 1),
    manufacturer: text(row, at + 2),
    model: text(row, at + 3),
    category: text(row, at + 4),
    macAddress: text(row, at + 5),
    firmware: text(row, at + 6),
    installedOn: text(row, at + 7),
    warrantyEndsOn: text(row, at + 8),
    status: DEVICE_STATUSES.find((status) => status === row[at + 9]) ?? 'ACTIVE',
    externalId: text(row, at + 10),
  };
}

const readers: { readonly [T in EntityType]: (row: CopiedRow, at: number) => FieldsByType[T] } = {
  contact,
  site,
  device,
};

/**
 * Reads an entity from a row that was selected with {@link selectFields}.
 *
 * @param at - where the entity's first field is in the row
 */
export function readEntity<T extends EntityType>(
  entityType: T,
  row: CopiedRow,
  at: number,
): FieldsByType[T] {
  return readers[entityType](row, at);
}
