import { describe, expect, it } from 'vitest';
import { contactDuplicate } from '../../../../../src/domains/identity/rules/contactDuplicate.ts';
import { siteDuplicate } from '../../../../../src/domains/identity/rules/siteDuplicate.ts';
import { duplicateMessage } from '../../../../../src/domains/identity/services/duplicates/duplicateMessage.ts';
import { strongestField } from '../../../../../src/domains/identity/services/duplicates/explainMatches.ts';
import { POPULATIONS } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { SCHEMAS } from '../../../../../src/domains/identity/services/matching/schema/schemas.ts';
import { contactWith, siteWith } from '../../rules/ruleTesting.ts';

/** Contacts have no position. */
const compared = POPULATIONS.flatMap((population) =>
  SCHEMAS[population].fields
    .filter(({ field }) => population === 'site' || field !== 'position')
    .map(({ field }) => [population, field] as const),
);

/** An entity that has a value in every field that its rule compares. */
function complete(fields: readonly string[], entity: object): object {
  return { ...entity, ...Object.fromEntries(fields.map((field) => [field, 'x'])) };
}

describe('the field of a finding', () => {
  it.each(compared)('is one of the entity where the %s agrees in %s', (population, field) => {
    const [type, rule, entity] =
      population === 'site'
        ? (['site', siteDuplicate, siteWith({})] as const)
        : (['contact', contactDuplicate, contactWith({})] as const);
    const match = { entityId: '', probability: 1, weight: 1, prior: 0 };
    const contributions = [
      { field: 'shared by relatives', level: '', weight: 0.5 },
      { field, level: '', weight: 1 },
    ];
    const found = strongestField(type, complete(rule.fields, entity), { ...match, contributions });

    expect(rule.fields).toContain(found);
    // What is not known falls back on the name.
    if (!field.includes('name')) expect(found.toLowerCase()).not.toMatch(/^(family)?name$/);
  });

  it('has a value', () => {
    const contributions = [{ field: 'place', level: 'same region', weight: 2 }];
    const match = { entityId: '', probability: 1, weight: 1, prior: 0, contributions };
    const contact = contactWith({ postalCode: null, locality: null, region: 'IL' });
    expect(strongestField('contact', contact, match)).toBe('region');
  });
});

describe('the message of a finding', () => {
  const nothing = { entityType: 'site', labels: [], exactCount: 0, probableCount: 0 } as const;

  it.each([
    [
      { ...nothing, labels: ['name and address'], exactCount: 1, probability: null },
      'Same name and address as another site.',
    ],
    [
      { ...nothing, labels: ['phone', 'mailbox'], exactCount: 120, probability: null },
      'Same phone or mailbox as 120 other sites.',
    ],
    [
      { ...nothing, probableCount: 1, probability: 0.9899 },
      'Probably the same as another site (98 %).',
    ],
    [
      { ...nothing, probableCount: 1, probability: 0.99999 },
      'Probably the same as another site (99 %).',
    ],
    [
      { ...nothing, probableCount: 3, probability: 0.75 },
      'Probably the same as 3 other sites (up to 75 %).',
    ],
  ])('tells exact from probable duplicates: %#', (duplicates, message) => {
    expect(duplicateMessage(duplicates)).toBe(message);
  });
});
