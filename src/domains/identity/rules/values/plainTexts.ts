import type { Address, EntityType, FieldsByType } from '../entities.ts';
import { isPlain } from './cleanText.ts';

/** The last entity that was plain when it was read. */
let plainWhenRead: FieldsByType[EntityType] | null = null;

/** Says that all texts of an entity are plain, as whoever reads it from a row sees: it is checked next. */
export function notePlainTexts(entity: FieldsByType[EntityType]): void {
  plainWhenRead = entity;
}

/** Whether the {@link TEXT_FIELDS} of an entity are all plain, as those of most are. */
export function hasPlainTexts<T extends EntityType>(
  entityType: T,
  entity: FieldsByType[T],
): boolean {
  return entity === plainWhenRead || LOOK_AT_TEXTS[entityType](entity);
}

/** Written out: a loop over the fields takes V8 three times as long. */
const LOOK_AT_TEXTS: {
  readonly [T in EntityType]: (entity: FieldsByType[T]) => boolean;
} = {
  contact: (contact) =>
    isPlainOrNone(contact.givenName) &&
    isPlainOrNone(contact.familyName) &&
    isPlainOrNone(contact.organisationName) &&
    isPlainOrNone(contact.email) &&
    hasPlainAddress(contact) &&
    isPlainOrNone(contact.externalId),
  site: (site) =>
    isPlainOrNone(site.name) &&
    isPlainOrNone(site.email) &&
    hasPlainAddress(site) &&
    isPlainOrNone(site.timeZone) &&
    isPlainOrNone(site.externalId),
  device: (device) =>
    isPlainOrNone(device.serialNumber) &&
    isPlainOrNone(device.manufacturer) &&
    isPlainOrNone(device.model) &&
    isPlainOrNone(device.category) &&
    isPlainOrNone(device.firmware) &&
    isPlainOrNone(device.externalId),
};

function hasPlainAddress(address: Address): boolean {
  return (
    isPlainOrNone(address.streetNumber) &&
    isPlainOrNone(address.addressLine1) &&
    isPlainOrNone(address.addressLine2) &&
    isPlainOrNone(address.locality) &&
    isPlainOrNone(address.region) &&
    isPlainOrNone(address.postalCode)
  );
}

function isPlainOrNone(text: string | null): boolean {
  return text === null || isPlain(text);
}
