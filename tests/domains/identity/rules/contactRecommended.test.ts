import { expect, it } from 'vitest';
import { contactRecommended } from '../../../../src/domains/identity/rules/contactRecommended.ts';
import { contactWith, findingsOf, inCountry } from './ruleTesting.ts';

it.each([
  ['all', {}],
  ['an e-mail address only', { phone: null }],
  ['a phone number only', { email: ' ' }],
  ['a locality only', { postalCode: null }],
  ['a postal code only', { locality: '' }],
  ['no address at all', { addressLine1: null, locality: null, postalCode: null, country: null }],
  ['the workspace’s country', { country: null }],
])('is content with %s', (_, fields) => {
  expect(findingsOf(contactRecommended, contactWith(fields))).toEqual([]);
});

it.each([
  ['email', { email: null, phone: null }],
  ['email', { email: '', phone: ' ' }],
  ['locality', { locality: null, postalCode: null }],
])('finds the %s missing once', (field, fields) => {
  expect(findingsOf(contactRecommended, contactWith(fields))).toMatchObject([
    { field, suggestedValue: null },
  ]);
});

it('finds a country missing where the workspace has none', () => {
  const findings = (country: string | null) =>
    findingsOf(contactRecommended, contactWith({ country }), inCountry(null));
  expect(findings(null)).toMatchObject([{ field: 'country' }]);
  expect(findings('US')).toEqual([]);
});
