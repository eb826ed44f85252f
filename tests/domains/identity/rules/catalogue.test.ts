import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyDuplicateRule,
  type AnyRule,
  duplicateRules,
  recordRules,
  ruleById,
} from '../../../../src/domains/identity/rules/catalogue.ts';
import {
  ENTITY_TYPES,
  type EntityType,
  type FieldsByType,
} from '../../../../src/domains/identity/rules/entities.ts';
import type { MatchKey, RecordRule } from '../../../../src/domains/identity/rules/rule.ts';
import { contactWith, deviceWith, findingsOf, inUnitedStates, siteWith } from './ruleTesting.ts';

const allRules: readonly AnyRule[] = [...Object.values(recordRules).flat(), ...duplicateRules];

/** A text for any field: anything, and often something close to what the rules look for. */
const text = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'+0159 -().:@aFx\u00A0\t'), maxLength: 20 }),
    fc.constantFrom(
      ' (212) 555-0123',
      '020 7946 0018 ',
      '00-1b-44-11-3a-b7',
      'usa',
      'UK',
      'US',
      'GB',
      ' de',
      'Ada\u200B  Marlow',
      '  ',
      'ada@example.com',
      'ada\uD800@example.com',
      '60607',
      '',
      '__proto__',
    ),
  ),
  { nil: null },
);

const address = {
  streetNumber: text,
  addressLine1: text,
  addressLine2: text,
  locality: text,
  region: text,
  postalCode: text,
  country: text,
};

const entities: { readonly [T in EntityType]: fc.Arbitrary<FieldsByType[T]> } = {
  contact: fc
    .record({
      kind: fc.constantFrom('PERSON', 'ORGANISATION'),
      givenName: text,
      familyName: text,
      organisationName: text,
      email: text,
      phone: text,
      externalId: text,
      ...address,
    })
    .map(contactWith),
  site: fc
    .record({ name: text, phone: text, email: text, timeZone: text, externalId: text, ...address })
    .map(siteWith),
  device: fc
    .record({
      siteId: fc.constantFrom(null, 'some-site'),
      serialNumber: text,
      manufacturer: text,
      model: text,
      category: text,
      macAddress: text,
      firmware: text,
      externalId: text,
    })
    .map(deviceWith),
};

function promiseSoundFindings<T extends EntityType>(entityType: T): void {
  const check = (entity: FieldsByType[T], rule: RecordRule<T>) => {
    for (const finding of findingsOf(rule, entity)) {
      expect(Object.keys(entity)).toContain(finding.field);
      expect(finding.message).toMatch(/\.$/);
      if (finding.suggestedValue === null) continue;
      const mended = { ...entity, [finding.field]: finding.suggestedValue };
      const left = findingsOf(rule, mended).filter(({ field }) => field === finding.field);
      expect(left).toEqual([]);
    }
  };
  fc.assert(
    fc.property(entities[entityType], (entity) => {
      for (const rule of recordRules[entityType]) check(entity, rule);
    }),
    { numRuns: 1_500 },
  );
}

function matchKeysOf(
  rule: AnyDuplicateRule,
  all: { readonly [T in EntityType]: FieldsByType[T] },
): readonly MatchKey[] {
  switch (rule.entityType) {
    case 'contact':
      return rule.matchKeys(all.contact, inUnitedStates);
    case 'site':
      return rule.matchKeys(all.site, inUnitedStates);
    case 'device':
      return rule.matchKeys(all.device, inUnitedStates);
  }
}

describe('the catalogue', () => {
  it('gives every rule an id of its own, and finds it by that', () => {
    expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
    for (const rule of allRules) expect(ruleById(rule.id)).toBe(rule);
    expect(ruleById('contact.unheard-of')).toBeUndefined();
  });

  it('says of every rule what it demands, in a sentence', () => {
    for (const rule of allRules) {
      expect(rule.id).toMatch(new RegExp(`^${rule.entityType}(\\.[a-z]+(-[a-z]+)*)+$`));
      expect(rule.description).toMatch(/^[A-Z].*[^.]\.?$/);
      expect(rule.version).toBeGreaterThanOrEqual(1);
    }
  });

  it('lists record rules under their entity type', () => {
    for (const entityType of ENTITY_TYPES) {
      for (const rule of recordRules[entityType]) expect(rule.entityType).toBe(entityType);
    }
  });

  it('finds nothing on clean entities', () => {
    for (const rule of recordRules.contact) expect(findingsOf(rule, contactWith({}))).toEqual([]);
    for (const rule of recordRules.site) expect(findingsOf(rule, siteWith({}))).toEqual([]);
    for (const rule of recordRules.device) expect(findingsOf(rule, deviceWith({}))).toEqual([]);
  });
});

describe.each(ENTITY_TYPES)('the rules for a %s', (entityType) => {
  it('never throw, name a field of it, and suggest only what they then accept', () => {
    promiseSoundFindings(entityType);
  });
});

describe('the duplicate rules', () => {
  it('never throw, and never give an empty key or the same key twice', () => {
    const anyEntities = fc.record(entities);
    fc.assert(
      fc.property(anyEntities, (all) => {
        const keys = duplicateRules.flatMap((rule) => matchKeysOf(rule, all));
        expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
        for (const { key } of keys) expect(key).toMatch(/:./);
      }),
      { numRuns: 1_000 },
    );
  });
});
