/** The fields of the entities as rules and profiles see them: plain values, absent ones null. */

export const ENTITY_TYPES = ['contact', 'site', 'device'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export interface Address {
  readonly streetNumber: string | null;
  readonly addressLine1: string | null;
  readonly addressLine2: string | null;
  readonly locality: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2 where it is right. */
  readonly country: string | null;
}

export interface ContactFields extends Address {
  readonly kind: 'PERSON' | 'ORGANISATION';
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly organisationName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** YYYY-MM-DD. */
  readonly birthDate: string | null;
  readonly externalId: string | null;
}

export interface SiteFields extends Address {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly timeZone: string | null;
  /** Id of the contact that owns the site. */
  readonly ownerId: string | null;
  readonly externalId: string | null;
}

export interface DeviceFields {
  readonly siteId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly category: string | null;
  readonly macAddress: string | null;
  readonly firmware: string | null;
  /** YYYY-MM-DD. */
  readonly installedOn: string | null;
  /** YYYY-MM-DD. */
  readonly warrantyEndsOn: string | null;
  readonly status: 'PLANNED' | 'ACTIVE' | 'INACTIVE' | 'RETIRED';
  readonly externalId: string | null;
}

export interface FieldsByType {
  readonly contact: ContactFields;
  readonly site: SiteFields;
  readonly device: DeviceFields;
}
