import { contactDuplicate, contactName } from './contactDuplicate.ts';
import { deviceDuplicate } from './deviceDuplicate.ts';
import type { ContactFields, DeviceFields, EntityType, FieldsByType } from './entities.ts';
import type { DuplicateRule, RuleContext } from './rule.ts';
import { siteDuplicate } from './siteDuplicate.ts';
import { matchText } from './values/matchText.ts';

/**
 * What two that share a strong key are to each other: the same; perhaps the same, which a person has
 * to say; or two.
 */
export type Likeness = 'SAME' | 'PERHAPS' | 'OTHER';

/**
 * How the rows of an import are told to be entities that are there already, more carefully than the
 * duplicate rules tell: what they report is looked at by people, and a match changes an entity.
 */
interface StrongKeyRule<T extends EntityType> {
  /** Whose match keys these are, and whose fields are read. */
  readonly rule: DuplicateRule<T>;
  /** Completes each key; null where an entity then has none. */
  completion(entity: FieldsByType[T]): string | null;
  /** Of two that share a key. */
  compare(one: FieldsByType[T], other: FieldsByType[T]): Likeness;
}

const RULES: { readonly [T in EntityType]: StrongKeyRule<T> } = {
  contact: {
    rule: contactDuplicate,
    // A mailbox alone may be that of a couple, or of an office.
    completion: (contact) => contactName(contact) || null,
    compare: compareContacts,
  },
  site: { rule: siteDuplicate, completion: () => '', compare: () => 'SAME' },
  device: { rule: deviceDuplicate, completion: () => '', compare: compareDevices },
};

/** Father and son may share a name, a phone number and a mailbox. */
function compareContacts(one: ContactFields, other: ContactFields): Likeness {
  const isApart = one.birthDate && other.birthDate && one.birthDate !== other.birthDate;
  return isApart ? 'PERHAPS' : 'SAME';
}

/** Makers don't know of each other's serial numbers; a MAC address is of one device in the world. */
function compareDevices(one: DeviceFields, other: DeviceFields): Likeness {
  const [maker, otherMaker] = [matchText(one.manufacturer), matchText(other.manufacturer)];
  if (maker !== '' && maker === otherMaker) return 'SAME';
  if (sharesMac(one, other)) return 'SAME';
  return maker !== '' && otherMaker !== '' ? 'OTHER' : 'PERHAPS';
}

function sharesMac(one: DeviceFields, other: DeviceFields): boolean {
  const keys = macKeys(one);
  return macKeys(other).some((key) => keys.includes(key));
}

const NO_CONTEXT: RuleContext = { defaultCountry: null, today: '', parameters: new Map() };

function macKeys(device: DeviceFields): readonly string[] {
  return deviceDuplicate
    .matchKeys(device, NO_CONTEXT)
    .flatMap(({ field, key }) => (field === 'macAddress' ? key : []));
}

/** The fields that {@link strongKeys} and {@link compareStrongly} read. */
export function strongKeyFields(entityType: EntityType): readonly string[] {
  return RULES[entityType].rule.fields;
}

/** Changes with whatever may give the same entity other keys. */
export function strongKeyBasis(entityType: EntityType, { defaultCountry }: RuleContext): string {
  const { id, version } = RULES[entityType].rule;
  return `${id} ${version}, ${defaultCountry ?? 'no country'}, 1`;
}

/** The keys that an entity shares with those that may be the same; most first. */
export function strongKeys<T extends EntityType>(
  entityType: T,
  entity: FieldsByType[T],
  context: RuleContext,
): readonly string[] {
  const { rule, completion } = RULES[entityType];
  const completed = completion(entity);
  if (completed === null) return [];
  return rule.matchKeys(entity, context).map(({ key }) => `${key}|${completed}`);
}

/** What two entities are to each other that share a key. */
export function compareStrongly<T extends EntityType>(
  entityType: T,
  one: FieldsByType[T],
  other: FieldsByType[T],
): Likeness {
  return RULES[entityType].compare(one, other);
}
