import type { AnyRule } from './catalogue.ts';
import type {
  ContactFields,
  DeviceFields,
  EntityType,
  FieldsByType,
  SiteFields,
} from './entities.ts';
import type { FindingDraft, RecordRule, RuleContext } from './rule.ts';

const NO_ADDRESS = {
  streetNumber: null,
  addressLine1: null,
  addressLine2: null,
  locality: null,
  region: null,
  postalCode: null,
  country: null,
};

const EMPTY_CONTACT: ContactFields = {
  kind: 'PERSON',
  givenName: null,
  familyName: null,
  organisationName: null,
  email: null,
  phone: null,
  ...NO_ADDRESS,
  birthDate: null,
  externalId: null,
};

const EMPTY_SITE: SiteFields = {
  name: null,
  phone: null,
  email: null,
  ...NO_ADDRESS,
  latitude: null,
  longitude: null,
  timeZone: null,
  ownerId: null,
  externalId: null,
};

const EMPTY_DEVICE: DeviceFields = {
  siteId: null,
  serialNumber: null,
  manufacturer: null,
  model: null,
  category: null,
  macAddress: null,
  firmware: null,
  installedOn: null,
  warrantyEndsOn: null,
  status: 'ACTIVE',
  externalId: null,
};

/** Fixed, so that the examples are the same on every day. */
const CONTEXT: RuleContext = { defaultCountry: null, today: '2026-01-01', parameters: new Map() };

/** What a rule finds, for people to read. Of record rules it is what they say of their example. */
export function ruleExample(rule: AnyRule): string {
  if (rule.kind !== 'record') return rule.example;
  switch (rule.entityType) {
    case 'contact':
      return describe(rule, EMPTY_CONTACT);
    case 'site':
      return describe(rule, EMPTY_SITE);
    case 'device':
      return describe(rule, EMPTY_DEVICE);
  }
}

function describe<T extends EntityType>(rule: RecordRule<T>, empty: FieldsByType[T]): string {
  const drafts: FindingDraft[] = [];
  rule.check({ ...empty, ...rule.example }, CONTEXT, (draft) => drafts.push(draft));
  const [draft] = drafts;
  if (draft === undefined) throw new Error(`The rule ${rule.id} finds nothing in its example.`);
  const given = Object.entries(rule.example).map(([field, value]) => `${field} "${value}"`);
  const { suggestedValue, certainty } = draft;
  const suggestion =
    suggestedValue === null
      ? ''
      : ` Suggests "${suggestedValue}"${certainty === 'LIKELY' ? ', which is likely' : ''}.`;
  return `${given.join(', ')}: ${draft.message}${suggestion}`;
}
