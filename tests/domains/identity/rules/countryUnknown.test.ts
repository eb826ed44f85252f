import { describe, expect, it } from 'vitest';
import {
  contactCountryUnknown,
  siteCountryUnknown,
} from '../../../../src/domains/identity/rules/countryUnknown.ts';
import { contactWith, findingsOf, inCountry, siteWith } from './ruleTesting.ts';

const check = (country: string | null) =>
  findingsOf(contactCountryUnknown, contactWith({ country }));

describe('contact.country.unknown', () => {
  it.each([[null], [''], ['US'], ['GB'], ['AQ'], ['XK']])('is content with %j', (country) => {
    expect(check(country)).toEqual([]);
  });

  it.each([
    ['us', 'US'],
    [' US', 'US'],
    ['USA', 'US'],
    ['usa', 'US'],
    ['CHE', 'CH'],
    ['UK', 'GB'],
    ['EL', 'GR'],
    ['United States', 'US'],
    ['united  kingdom', 'GB'],
    ['Côte d’Ivoire'.replace('’', "'"), 'CI'],
    ['Deutschland', 'DE'],
    ['Suisse', 'CH'],
    ['England', 'GB'],
    ['SCOTLAND', 'GB'],
    ['Wales', 'GB'],
    ['Northern Ireland', 'GB'],
    ['U.K.', 'GB'],
    ['U.S.A.', 'US'],
    ['America', 'US'],
    ['Holland', 'NL'],
    ['The Netherlands', 'NL'],
    ['Ελλάδα', 'GR'],
    ['日本', 'JP'],
    ['   ', ''],
  ])('finds %j and suggests %j', (country, suggestedValue) => {
    expect(check(country)).toMatchObject([
      { field: 'country', currentValue: country, suggestedValue },
    ]);
  });

  it.each([
    ['ZZ'],
    ['XX'],
    ['ZZZ'],
    ['Atlantis'],
    ['Korea'],
    ['Congo'],
    ['Suecia'],
    ['New South Wales'],
    ['New England'],
    ['GER'],
    ['840'],
    ['constructor'],
  ])('finds %j and suggests nothing, since nothing is certain', (country) => {
    expect(check(country)).toEqual([
      {
        field: 'country',
        message: 'The country is not an ISO 3166-1 alpha-2 code.',
        currentValue: country,
        suggestedValue: null,
      },
    ]);
  });
});

const certainty = (country: string, defaultCountry: string | null) =>
  findingsOf(contactCountryUnknown, contactWith({ country }), inCountry(defaultCountry))[0]
    ?.certainty;

it.each([
  ['na', 'DE'],
  ['No', null],
  ['Jersey', 'US'],
  ['America', null],
  ['Guinea', null],
  ['ca', 'US'],
  ['Georgia', 'US'],
  ['Georgia', 'CA'],
  ['Guinée', 'FR'],
  ['Samoa', 'US'],
])('takes the code for %j in a workspace of %s for likely only', (country, own) => {
  expect(certainty(country, own)).toBe('LIKELY');
});

it.each([
  ['no', 'NO'],
  ['ca', 'CA'],
  ['de', 'DE'],
  ['us', 'US'],
])('takes the code for %j in a workspace of %s for certain', (country, own) => {
  expect(certainty(country, own)).toBeUndefined();
});

describe('site.country.unknown', () => {
  it('judges a site’s country the same way', () => {
    expect(findingsOf(siteCountryUnknown, siteWith({ country: 'FR' }))).toEqual([]);
    expect(findingsOf(siteCountryUnknown, siteWith({ country: 'FRA' }))).toHaveLength(1);
  });
});
