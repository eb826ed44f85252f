import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyDuplicateRule,
  allRules,
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
import { ruleExample } from '../../../../src/domains/identity/rules/ruleExample.ts';
import { contactWith, deviceWith, findingsOf, inUnitedStates, siteWith } from './ruleTesting.ts';

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
      'ada@gmial.con',
      'info@mailinator.com',
      'MCDONALD',
      "d'angelo-de la cruz",
      'ACME BAKERIES, INC.',
      '12',
      '12 Elm Street',
      '60607 Chicago',
      'ada\uD800@example.com',
      '60607',
      '',
      '__proto__',
      'america/new york',
      'EST',
      'S/N: BM-100234',
      'SN SN 12 see the label',
      'Axis',
      '00:1B:0C:3A:B7:01',
    ),
  ),
  { nil: null },
);

/** Degrees: anywhere, beyond the ends of the scale too, and often where mistakes are made. */
const degrees = fc.option(
  fc.oneof(
    fc.double({ min: -200, max: 200, noNaN: true }),
    fc.constantFrom(0, 41.8757, -41.8757, 87.6244, -87.6244, 90, -90, 180, -180),
  ),
  { nil: null },
);

const day = fc.option(
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
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
      birthDate: fc.constantFrom(null, '1970-01-01', '1900-01-01', '2999-12-31'),
      externalId: text,
      ...address,
    })
    .map(contactWith),
  site: fc
    .record({
      name: text,
      phone: text,
      email: text,
      latitude: degrees,
      longitude: degrees,
      timeZone: text,
      ownerId: fc.constantFrom(null, 'some-contact'),
      externalId: text,
      ...address,
    })
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
      installedOn: day,
      warrantyEndsOn: day,
      status: fc.constantFrom('PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED'),
      externalId: text,
    })
    .map(deviceWith),
};

function promiseSoundFindings<T extends EntityType>(entityType: T): void {
  const check = (entity: FieldsByType[T], rule: RecordRule<T>) => {
    for (const finding of findingsOf(rule, entity)) {
      expect(rule.fields).toContain(finding.field);
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
      expect(rule.rationale).toMatch(/^[A-Z].*\.$/);
      expect(rule.version).toBeGreaterThanOrEqual(1);
      for (const parameter of rule.parameters ?? []) {
        expect(parameter.id.slice(0, parameter.id.lastIndexOf('.'))).toBe(rule.id);
        expect(parameter.description).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  it('gives an example of what every rule finds', () => {
    for (const rule of allRules) expect(ruleExample(rule), rule.id).toMatch(/[.?]$/);
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
