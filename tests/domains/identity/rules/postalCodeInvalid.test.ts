import { describe, expect, it } from 'vitest';
import {
  contactPostalCodeInvalid,
  sitePostalCodeInvalid,
} from '../../../../src/domains/identity/rules/postalCodeInvalid.ts';
import { contactWith, findingsOf, inCountry, siteWith } from './ruleTesting.ts';

const check = (postalCode: string | null, country: string | null) =>
  findingsOf(contactPostalCodeInvalid, contactWith({ postalCode, country }));

describe('contact.postal-code.invalid', () => {
  it.each([
    [null, 'US'],
    ['  ', 'US'],
    ['60607', 'US'],
    ['60607-1234', 'US'],
    [' 60607', 'US'],
    ['02101', null],
    ['SW1A 1AA', 'GB'],
    ['sw1a1aa', 'GB'],
    ['GIR 0AA', 'GB'],
    ['JE2 3AB', 'JE'],
    ['1012 AB', 'NL'],
    ['1012ab', 'NL'],
    ['75 008', 'FR'],
    ['114 55', 'SE'],
    ['D02 AF30', 'IE'],
    ['d02af30', 'IE'],
    ['110 001', 'IN'],
    ['100-0001', 'JP'],
    ['〒100-0001', 'JP'],
    ['A-1010', 'AT'],
    ['CH-3011', 'CH'],
    ['D-50667', 'DE'],
    ['S-111 43', 'SE'],
    ['F-75001', 'FR'],
    ['75001 CEDEX 01', 'FR'],
    ['Dublin 2', 'IE'],
    ['M5H-2N2', 'CA'],
    ['31042', 'PL'],
    ['832-0000', 'CL'],
    ['LIMA 01', 'PE'],
    ['BFPO 58', 'GB'],
    ['1000001', 'JP'],
    ['MD-2001', 'MD'],
    ['AZ 1000', 'AZ'],
    ['120101', 'KH'],
    ['K1A 0B1', 'CA'],
  ])('is content with %j in %s', (postalCode, country) => {
    expect(check(postalCode, country)).toEqual([]);
  });

  it.each([
    ['Hong Kong has none', 'N/A', 'HK'],
    ['the United Arab Emirates have none', '00000', 'AE'],
    ['Antarctica is unknown to the library', 'X', 'AQ'],
    ['the country is unknown', '123', 'Atlantis'],
    ['“UK” is no country code, although the library takes it for one', '123', 'UK'],
  ])('judges nothing where %s', (_, postalCode, country) => {
    expect(check(postalCode, country)).toEqual([]);
  });

  it.each([
    ['2101', 'US', 'United States'],
    ['606071234', 'US', 'United States'],
    ['6060O', null, 'United States'],
    ['SW1A', 'GB', 'United Kingdom'],
    ['1011', 'DE', 'Germany'],
    ['1012 A', 'NL', 'Netherlands'],
    ['0012 AB', 'NL', 'Netherlands'],
    ['1012 SS', 'NL', 'Netherlands'],
    ['00000', 'US', 'United States'],
    ['00000', 'DE', 'Germany'],
    ['D-1010', 'AT', 'Austria'],
    ['CH-301', 'CH', 'Switzerland'],
    ['60607', 'CH', 'Switzerland'],
    ['unknown', 'FR', 'France'],
  ])('finds %j in %s', (postalCode, country, name) => {
    expect(check(postalCode, country)).toEqual([
      {
        field: 'postalCode',
        message: `Postal codes are not written like this in the country given (${name}).`,
        currentValue: postalCode,
        suggestedValue: null,
      },
    ]);
  });
});

describe('site.postal-code.invalid', () => {
  it('judges a site’s code the same way', () => {
    const site = siteWith({ postalCode: '606', country: null });
    expect(findingsOf(sitePostalCodeInvalid, site)).toHaveLength(1);
    expect(findingsOf(sitePostalCodeInvalid, site, inCountry('IS'))).toEqual([]);
    expect(findingsOf(sitePostalCodeInvalid, site, inCountry(null))).toEqual([]);
  });
});
