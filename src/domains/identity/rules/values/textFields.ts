import type { Address, EntityType, FieldsByType } from '../entities.ts';

const ADDRESS_TEXT = [
  'streetNumber',
  'addressLine1',
  'addressLine2',
  'locality',
  'region',
  'postalCode',
] as const satisfies readonly (keyof Address)[];

/**
 * The free-text fields of each entity type. Fields with a format rule of their own (phone,
 * macAddress, country) are not among them, so that one defect gives one finding; nor are ids,
 * dates and enumerations, which are not text.
 */
export const TEXT_FIELDS: { readonly [T in EntityType]: readonly (keyof FieldsByType[T])[] } = {
  contact: ['givenName', 'familyName', 'organisationName', 'email', ...ADDRESS_TEXT, 'externalId'],
  site: ['name', 'email', ...ADDRESS_TEXT, 'timeZone', 'externalId'],
  device: ['serialNumber', 'manufacturer', 'model', 'category', 'firmware', 'externalId'],
};
