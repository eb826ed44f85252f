import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  DEMO_WORKSPACE,
  type DemoRow,
  generateDemoWorkspace,
} from '../../../../src/domains/identity/demo/demoWorkspace.ts';
import type { PlantedFinding } from '../../../../src/domains/identity/demo/plantDefects.ts';
import { parseFields } from '../../../../src/domains/identity/profiles/parseFields.ts';
import {
  duplicateRules,
  recordRules,
  ruleById,
} from '../../../../src/domains/identity/rules/catalogue.ts';
import type { EntityType, FieldsByType } from '../../../../src/domains/identity/rules/entities.ts';
import type { DuplicateRule, RecordRule } from '../../../../src/domains/identity/rules/rule.ts';
import { inCountry } from '../rules/ruleTesting.ts';

const text = z.string().nullable();
const day = z.iso.date().nullable();
const address = {
  streetNumber: text,
  addressLine1: text,
  addressLine2: text,
  locality: text,
  region: text,
  postalCode: text,
  country: text,
};

/** The fields of design's entities, every one of them, and no others. */
const FIELDS = {
  contact: z.strictObject({
    entityType: z.literal('contact'),
    id: z.uuidv7(),
    kind: z.enum(['PERSON', 'ORGANISATION']),
    givenName: text,
    familyName: text,
    organisationName: text,
    email: text,
    phone: text,
    ...address,
    birthDate: day,
    externalId: z.string(),
  }),
  site: z.strictObject({
    entityType: z.literal('site'),
    id: z.uuidv7(),
    name: text,
    phone: text,
    email: text,
    ...address,
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    timeZone: text,
    ownerId: z.uuidv7().nullable(),
    externalId: z.string(),
  }),
  device: z.strictObject({
    entityType: z.literal('device'),
    id: z.uuidv7(),
    siteId: z.uuidv7().nullable(),
    serialNumber: text,
    manufacturer: text,
    model: text,
    category: text,
    macAddress: text,
    firmware: text,
    installedOn: day,
    warrantyEndsOn: day,
    status: z.enum(['PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED']),
    externalId: z.string(),
  }),
} satisfies { readonly [T in EntityType]: z.ZodType<FieldsByType[T]> };

const context = inCountry(DEMO_WORKSPACE.defaultCountry);
const { rows, planted } = generateDemoWorkspace();
const contacts = parseRows(rows, 'contact', FIELDS.contact);
const sites = parseRows(rows, 'site', FIELDS.site);
const devices = parseRows(rows, 'device', FIELDS.device);

type Known<T extends EntityType> = FieldsByType[T] & { readonly externalId: string };

function parseRows<F>(all: readonly DemoRow[], entityType: EntityType, fields: z.ZodType<F>): F[] {
  return all.filter((row) => row.entityType === entityType).map((row) => fields.parse(row.rawData));
}

function findingsOfRecordRules<T extends EntityType>(
  entities: readonly Known<T>[],
  rules: readonly RecordRule<T>[],
): PlantedFinding[] {
  const found: PlantedFinding[] = [];
  for (const entity of entities) {
    for (const { check, id, entityType, severity } of rules) {
      check(entity, context, ({ field }) => {
        const { externalId } = entity;
        found.push({ entityType, externalId, ruleId: id, field, severity, relatedExternalIds: [] });
      });
    }
  }
  return found;
}

function findingsOfDuplicateRule<T extends EntityType>(
  entities: readonly Known<T>[],
  { matchKeys, id, entityType, severity }: DuplicateRule<T>,
): PlantedFinding[] {
  const keyed = entities.flatMap((entity) =>
    matchKeys(entity, context).map(({ key, field }) => ({
      key,
      field,
      externalId: entity.externalId,
    })),
  );
  return [...Map.groupBy(keyed, ({ key }) => key).values()]
    .filter((same) => same.length > 1)
    .flatMap((same) =>
      same.map(({ field, externalId }) => ({
        entityType,
        externalId,
        ruleId: id,
        field,
        severity,
        relatedExternalIds: same
          .map((other) => other.externalId)
          .filter((other) => other !== externalId)
          .sort(),
      })),
    );
}

function audit(): PlantedFinding[] {
  return [
    ...findingsOfRecordRules(contacts, recordRules.contact),
    ...findingsOfRecordRules(sites, recordRules.site),
    ...findingsOfRecordRules(devices, recordRules.device),
    ...duplicateRules.flatMap((rule) => {
      switch (rule.entityType) {
        case 'contact':
          return findingsOfDuplicateRule(contacts, rule);
        case 'site':
          return findingsOfDuplicateRule(sites, rule);
        case 'device':
          return findingsOfDuplicateRule(devices, rule);
        default:
          return [];
      }
    }),
  ];
}

const inOrder = (findings: readonly PlantedFinding[]) =>
  findings.map((finding) => JSON.stringify(finding, Object.keys(finding).sort())).sort();

describe('the demo workspace', () => {
  it('is the same every time', () => {
    expect(generateDemoWorkspace()).toEqual({ rows, planted });
  });

  it('has contacts, then sites, then devices, about two thousand in all', () => {
    expect([contacts.length, sites.length, devices.length]).toEqual([1000, 300, 700]);
    const types = rows.map(({ entityType }) => entityType);
    expect(types.lastIndexOf('contact')).toBeLessThan(types.indexOf('site'));
    expect(types.lastIndexOf('site')).toBeLessThan(types.indexOf('device'));
  });

  it('gives every entity an id and an external id of its own', () => {
    const all = [...contacts, ...sites, ...devices];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ externalId }) => externalId)).size).toBe(all.length);
    expect(contacts[0]?.externalId).toBe('C-0001');
    expect(sites[0]?.externalId).toBe('S-0001');
    expect(devices[0]?.externalId).toBe('D-0001');
  });

  it('refers to entities that come earlier', () => {
    const contactIds = new Set(contacts.map(({ id }) => id));
    const siteIds = new Set(sites.map(({ id }) => id));
    for (const { ownerId } of sites) if (ownerId !== null) expect(contactIds).toContain(ownerId);
    for (const { siteId } of devices) if (siteId !== null) expect(siteIds).toContain(siteId);
  });

  it('has no value that a promotion cannot read', () => {
    for (const { entityType, rawData } of rows) {
      expect(() => parseFields(entityType, rawData)).not.toThrow();
    }
  });

  it('writes to no one: every e-mail domain is reserved for examples', () => {
    const spoilt = new Set(
      planted.filter(({ field }) => field === 'email').map(({ externalId }) => externalId),
    );
    for (const { email, externalId } of [...contacts, ...sites]) {
      if (email === null || spoilt.has(externalId)) continue;
      expect(email).toMatch(/[@.]example\.(com|org|net)$/);
    }
  });

  it('has exactly the findings that were planted, and no others', () => {
    // What PostgreSQL finds is left to the audit in tests/e2e.
    const byOthers = planted.filter(({ ruleId }) => ruleById(ruleId)?.kind !== 'query');
    expect(inOrder(audit())).toEqual(inOrder(byOthers));
  });

  it('has several findings for every rule of the catalogue', () => {
    const counts = Map.groupBy(planted, ({ ruleId }) => ruleId);
    for (const { id } of [...Object.values(recordRules).flat(), ...duplicateRules]) {
      expect(counts.get(id)?.length ?? 0, id).toBeGreaterThanOrEqual(4);
    }
    expect(planted.length).toBeGreaterThanOrEqual(250);
    expect(planted.length).toBeLessThanOrEqual(600);
  });
});
