import { describe, expect, it } from 'vitest';
import {
  contactPhoneInvalid,
  sitePhoneInvalid,
} from '../../../../src/domains/identity/rules/phoneInvalid.ts';
import { contactWith, findingsOf, inCountry, siteWith } from './ruleTesting.ts';

function messageFor(phone: string | null, country: string | null, defaultCountry: string | null) {
  const contact = contactWith({ phone, country });
  const findings = findingsOf(contactPhoneInvalid, contact, inCountry(defaultCountry));
  expect(findings.length).toBeLessThan(2);
  return findings[0]?.message;
}

describe('contact.phone.invalid', () => {
  it.each([
    [null, 'US'],
    ['', 'US'],
    ['  ', 'US'],
    ['+12125550123', 'US'],
    ['(212) 555-0123', 'US'],
    ['212.555.0123', 'US'],
    ['1 212 555 0123', 'US'],
    ['212-555-0123 ext. 45', 'US'],
    ['+12125550123;ext=45', 'US'],
    ['tel:+1-212-555-0123', 'US'],
    ['＋１２１２５５５０１２３', 'US'],
    ['020 7946 0018', 'GB'],
    ['+44 (0)20 7946 0018', 'GB'],
    ['(+49) 30 23125 123', 'DE'],
    ['0049 30 23125123', 'DE'],
    ['011 49 30 23125123', 'US'],
    ['+49 30 23125123', 'US'],
    ['06 12 34 56 78', 'FR'],
    ['+39 06 1234 5678', 'IT'],
    ['٠٥٠١٢٣٤٥٦٧', 'AE'],
    ['+800 1234 5678', 'US'],
    ['+12125550123\u200B', 'US'],
    ['411', 'US'],
    ['262626', 'US'],
    ['116117', 'DE'],
    ['116 117', 'DE'],
    ['115', 'DE'],
    ['111', 'GB'],
    ['1414', 'CH'],
  ])('is content with %j in %s', (phone, country) => {
    expect(messageFor(phone, country, null)).toBeUndefined();
  });

  it.each([
    [
      '22626491',
      'US',
      'Too short for a phone number (United States): it takes 10 digits, area code included.',
    ],
    [
      '212555012345',
      'US',
      'Too long for a phone number (United States): it takes 10 digits, area code included.',
    ],
    ['01', 'DE', 'Too short for a phone number (Germany).'],
    ['+1212555', 'DE', 'Too short for a phone number with this calling code.'],
    ['+1212555012345', 'US', 'Too long for a phone number with this calling code.'],
    [
      '555 555 5555',
      'US',
      'Right in length, but no phone number (United States) starts like this.',
    ],
    [
      '000-000-0000',
      'US',
      'Right in length, but no phone number (United States) starts like this.',
    ],
    [
      '+1 555 555 5555',
      'GB',
      'Right in length, but no phone number with this calling code starts like this.',
    ],
    ['+999 123 456', 'US', 'No country has the calling code that this phone number starts with.'],
    [
      '00 999 123 456 78',
      'DE',
      'No country has the calling code that this phone number starts with.',
    ],
    ['911', 'US', 'An emergency number (United States) is nobody’s own.'],
    ['112', 'DE', 'An emergency number (Germany) is nobody’s own.'],
    ['1234', 'DE', 'Right in length, but no phone number (Germany) starts like this.'],
    [
      '12345',
      'US',
      'Too short for a phone number (United States): it takes 10 digits, area code included.',
    ],
    ['n/a', 'US', 'This cannot be read as one phone number.'],
    ['212-555-0123 or 212-555-0199', 'US', 'This cannot be read as one phone number.'],
    ['+1212555O123', 'US', 'This cannot be read as one phone number.'],
  ])('finds %j in %s and says why', (phone, country, message) => {
    expect(messageFor(phone, country, null)).toBe(message);
  });

  it('holds a number against the workspace’s country only where the contact has none', () => {
    expect(messageFor('020 7946 0018', null, 'GB')).toBeUndefined();
    expect(messageFor('020 7946 0018', '  ', 'GB')).toBeUndefined();
    expect(messageFor('020 7946 0018', 'US', 'GB')).toContain('United States');
  });

  it.each([
    ['its country is unknown', 'Atlantis', 'US'],
    ['its country has no numbers of its own', 'AQ', 'US'],
    ['no country is known', null, null],
    ['the workspace’s country is unknown', null, 'ZZ'],
  ])('does not judge a national number when %s', (_, country, defaultCountry) => {
    expect(messageFor('2262649', country, defaultCountry)).toBeUndefined();
    expect(messageFor('unknown', country, defaultCountry)).toContain('cannot be read');
    expect(messageFor('+999 123 456', country, defaultCountry)).toContain('calling code');
  });

  it('quotes the number as it stands and suggests none', () => {
    expect(findingsOf(contactPhoneInvalid, contactWith({ phone: ' 22626491 ' }))).toMatchObject([
      { field: 'phone', currentValue: ' 22626491 ', suggestedValue: null },
    ]);
  });
});

describe('site.phone.invalid', () => {
  it('judges a site’s number the same way', () => {
    expect(findingsOf(sitePhoneInvalid, siteWith({ phone: '312-555-0123' }))).toEqual([]);
    expect(findingsOf(sitePhoneInvalid, siteWith({ phone: '53390111' }))).toHaveLength(1);
  });
});
