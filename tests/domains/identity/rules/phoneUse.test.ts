import { describe, expect, it } from 'vitest';
import {
  contactPhoneCountry,
  sitePhoneCountry,
} from '../../../../src/domains/identity/rules/phoneCountry.ts';
import {
  contactPhoneType,
  sitePhoneType,
} from '../../../../src/domains/identity/rules/phoneType.ts';
import { contactWith, findingsOf, siteWith } from './ruleTesting.ts';

describe('contact.phone.country', () => {
  const check = (phone: string, country: string | null) =>
    findingsOf(contactPhoneCountry, contactWith({ phone, country }));

  it.each([
    ['+493023125555', 'FR', 'Germany', 'France'],
    ['+12125550123', 'DE', 'United States', 'Germany'],
    ['+44 20 7946 0018', 'US', 'United Kingdom', 'United States'],
    ['+442079460018', ' US ', 'United Kingdom', 'United States'],
    ['+12125550123', 'CA', 'United States', 'Canada'],
    ['+14165550123', 'US', 'Canada', 'United States'],
    ['+18769221234', 'US', 'Jamaica', 'United States'],
    ['+12423221234', 'JM', 'Bahamas', 'Jamaica'],
  ])('finds %s at an address in %s worth a look', (phone, country, ofPhone, ofAddress) => {
    expect(check(phone, country)).toEqual([
      {
        field: 'phone',
        message: `The country of the phone number (${ofPhone}) is not that of the address (${ofAddress}): worth a look.`,
        currentValue: phone,
        suggestedValue: null,
      },
    ]);
  });

  it.each([
    ['the country’s own', '+493023125555', 'DE'],
    ['the same area', '+12125550123', 'US'],
    ['the same area', '+14165550123', 'CA'],
    ['a close territory', '+17875550123', 'US'],
    ['a number of no place', '+18005550123', 'CA'],
    ['a number of no place', '+18885550123', 'PR'],
    ['the same calling code', '+441534440000', 'GB'],
    ['the same calling code', '+77172123456', 'RU'],
    ['a close territory', '+262262123456', 'FR'],
    ['a close country', '+4232323333', 'CH'],
    ['a mobile number, which moves with its owner', '+4915123456789', 'US'],
    ['a number of no country', '+80012345678', 'DE'],
    ['no country given', '+493023125555', null],
    ['no country known', '+493023125555', 'Germany'],
    ['a country without numbers', '+493023125555', 'AQ'],
    ['no valid number', '+4930', 'US'],
  ])('is content with %s', (_, phone, country) => {
    expect(check(phone, country)).toEqual([]);
  });

  it('judges a site’s number the same way', () => {
    const site = siteWith({ phone: '+493023125555', country: 'FR' });
    expect(findingsOf(sitePhoneCountry, site)).toHaveLength(1);
  });
});

describe('contact.phone.type and site.phone.type', () => {
  const ofPerson = (phone: string) => findingsOf(contactPhoneType, contactWith({ phone }));
  const ofCompany = (phone: string) =>
    findingsOf(contactPhoneType, contactWith({ phone, kind: 'ORGANISATION' }));
  const ofSite = (phone: string) => findingsOf(sitePhoneType, siteWith({ phone }));

  it.each([
    ['a premium-rate number', '+19002345678', 'premium-rate'],
    ['a premium-rate number', '+33899123456', 'premium-rate'],
    ['a pager', '+447640123456', 'pager'],
  ])('find %s', (_, phone, word) => {
    for (const findings of [ofPerson(phone), ofCompany(phone), ofSite(phone)]) {
      expect(findings).toMatchObject([{ field: 'phone', suggestedValue: null }]);
      expect(findings[0]?.message).toContain(word);
    }
  });

  it.each([
    ['shared-cost number', '+491803123456'],
    ['number for all its branches', '+445512345678'],
  ])('find a company’s %s on a person only', (_, phone) => {
    expect(ofPerson(phone)).toHaveLength(1);
    expect(ofCompany(phone)).toEqual([]);
    expect(ofSite(phone)).toEqual([]);
  });

  it.each([
    ['a landline or mobile', '+12125550123'],
    ['a mobile', '+4915123456789'],
    ['a toll-free number', '+18002345678'],
    ['a personal number', '+447012345678'],
    ['an invalid number', '+1900'],
  ])('are content with %s', (_, phone) => {
    expect([...ofPerson(phone), ...ofCompany(phone), ...ofSite(phone)]).toEqual([]);
  });
});
