import type {
  ContactFields,
  DeviceFields,
  EntityType,
  FieldsByType,
  SiteFields,
} from '../../../../src/domains/identity/rules/entities.ts';
import type {
  FindingDraft,
  RecordRule,
  RuleContext,
} from '../../../../src/domains/identity/rules/rule.ts';

/** The context of a workspace in the United States. */
export const inUnitedStates = inCountry('US');

/** The context of a workspace in this country, on a day in autumn. */
export function inCountry(defaultCountry: string | null): RuleContext {
  return { defaultCountry, today: '2026-11-23', parameters: new Map() };
}

const address = {
  streetNumber: null,
  addressLine1: '1 North Ogden Avenue',
  addressLine2: null,
  locality: 'Chicago',
  region: 'IL',
  postalCode: '60607',
  country: 'US',
};

/** A contact that is clean under every rule, but for the given fields. */
export function contactWith(fields: Partial<ContactFields>): ContactFields {
  return {
    kind: 'PERSON',
    givenName: 'Ada',
    familyName: 'Marlow',
    organisationName: null,
    email: 'ada.marlow@example.com',
    phone: '+12125550123',
    birthDate: null,
    externalId: 'C-1',
    ...address,
    ...fields,
  };
}

/** A site that is clean under every rule, but for the given fields. */
export function siteWith(fields: Partial<SiteFields>): SiteFields {
  return {
    name: 'Harbor Clinic',
    phone: '+13125550123',
    email: null,
    latitude: null,
    longitude: null,
    timeZone: 'America/Chicago',
    ownerId: '0198c0de-0000-7000-8000-000000000002',
    externalId: 'S-1',
    ...address,
    ...fields,
  };
}

/** A device that is clean under every rule, but for the given fields. */
export function deviceWith(fields: Partial<DeviceFields>): DeviceFields {
  return {
    siteId: '0198c0de-0000-7000-8000-000000000001',
    serialNumber: 'BM-100234',
    manufacturer: 'Brightmere',
    model: 'G2',
    category: 'gateway',
    macAddress: '02:1B:44:11:3A:B7',
    firmware: '2.4.1',
    installedOn: null,
    warrantyEndsOn: null,
    status: 'ACTIVE',
    externalId: 'D-1',
    ...fields,
  };
}

/** What one rule reports on one entity. */
export function findingsOf<T extends EntityType>(
  rule: RecordRule<T>,
  entity: FieldsByType[T],
  context: RuleContext = inUnitedStates,
): FindingDraft[] {
  const findings: FindingDraft[] = [];
  rule.check(entity, context, (finding) => findings.push(finding));
  return findings;
}
