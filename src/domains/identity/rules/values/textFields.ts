import type { Address, EntityType, FieldsByType } from '../entities.ts';

interface TextField<Entity> {
  readonly name: keyof Entity & string;
  readonly read: (entity: Entity) => string | null;
}

const ADDRESS: readonly TextField<Address>[] = [
  { name: 'streetNumber', read: (entity) => entity.streetNumber },
  { name: 'addressLine1', read: (entity) => entity.addressLine1 },
  { name: 'addressLine2', read: (entity) => entity.addressLine2 },
  { name: 'locality', read: (entity) => entity.locality },
  { name: 'region', read: (entity) => entity.region },
  { name: 'postalCode', read: (entity) => entity.postalCode },
];

/**
 * The free-text fields of each entity type. Fields with a format rule of their own (phone,
 * macAddress, country) are not among them, so that one defect gives one finding; nor are ids,
 * dates and enumerations, which are not text.
 */
export const TEXT_FIELDS: {
  readonly [T in EntityType]: readonly TextField<FieldsByType[T]>[];
} = {
  contact: [
    { name: 'givenName', read: (entity) => entity.givenName },
    { name: 'familyName', read: (entity) => entity.familyName },
    { name: 'organisationName', read: (entity) => entity.organisationName },
    { name: 'email', read: (entity) => entity.email },
    ...ADDRESS,
    { name: 'externalId', read: (entity) => entity.externalId },
  ],
  site: [
    { name: 'name', read: (entity) => entity.name },
    { name: 'email', read: (entity) => entity.email },
    ...ADDRESS,
    { name: 'timeZone', read: (entity) => entity.timeZone },
    { name: 'externalId', read: (entity) => entity.externalId },
  ],
  device: [
    { name: 'serialNumber', read: (entity) => entity.serialNumber },
    { name: 'manufacturer', read: (entity) => entity.manufacturer },
    { name: 'model', read: (entity) => entity.model },
    { name: 'category', read: (entity) => entity.category },
    { name: 'firmware', read: (entity) => entity.firmware },
    { name: 'externalId', read: (entity) => entity.externalId },
  ],
};
