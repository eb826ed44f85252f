import type { CopiedRows } from '../../../platform/postgres/copyOut.ts';
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

function text(row: CopiedRows): string | null {
  return row.next() || null;
}

function number(row: CopiedRows): number | null {
  const value = row.next();
  return value === '' ? null : Number(value);
}

function contact(row: CopiedRows): ContactFields {
  return {
    kind: row.next() === 'ORGANISATION' ? 'ORGANISATION' : 'PERSON',
    givenName: text(row),
    familyName: text(row),
    organisationName: text(row),
    email: text(row),
    phone: text(row),
    streetNumber: text(row),
    addressLine1: text(row),
    addressLine2: text(row),
    locality: text(row),
    region: text(row),
    postalCode: text(row),
    country: text(row),
    birthDate: text(row),
    externalId: text(row),
  };
}

function site(row: CopiedRows): SiteFields {
  return {
    name: text(row),
    phone: text(row),
    email: text(row),
    streetNumber: text(row),
    addressLine1: text(row),
    addressLine2: text(row),
    locality: text(row),
    region: text(row),
    postalCode: text(row),
    country: text(row),
    latitude: number(row),
    longitude: number(row),
    timeZone: text(row),
    ownerId: text(row),
    externalId: text(row),
  };
}

const DEVICE_STATUSES = ['PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED'] as const;

function deviceStatus(text: string): DeviceFields['status'] {
  return DEVICE_STATUSES.find((status) => status === text) ?? 'ACTIVE';
}

function device(row: CopiedRows): DeviceFields {
  return {
    siteId: text(row),
    serialNumber: text(row),
    manufacturer: text(row),
    model: text(row),
    category: text(row),
    macAddress: text(row),
    firmware: text(row),
    installedOn: text(row),
    warrantyEndsOn: text(row),
    status: deviceStatus(row.next()),
    externalId: text(row),
  };
}

const readers: { readonly [T in EntityType]: (row: CopiedRows) => FieldsByType[T] } = {
  contact,
  site,
  device,
};

/**
 * Reads an entity from the next values of a row, which were selected with {@link selectFields}.
 */
export function readEntity<T extends EntityType>(entityType: T, row: CopiedRows): FieldsByType[T] {
  return readers[entityType](row);
}
