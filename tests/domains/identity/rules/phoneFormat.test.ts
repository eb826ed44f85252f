import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import {
  contactPhoneFormat,
  sitePhoneFormat,
} from '../../../../src/domains/identity/rules/phoneFormat.ts';
import { contactPhoneInvalid } from '../../../../src/domains/identity/rules/phoneInvalid.ts';
import { contactWith, findingsOf, siteWith } from './ruleTesting.ts';

const check = (phone: string | null, country: string | null) =>
  findingsOf(contactPhoneFormat, contactWith({ phone, country }));

describe('contact.phone.format', () => {
  it.each([
    ['(212) 555-0123', 'US', '+12125550123'],
    [' +12125550123', 'US', '+12125550123'],
    ['+1 212 555 0123', 'DE', '+12125550123'],
    ['020 7946 0018', 'GB', '+442079460018'],
    ['+44 (0)20 7946 0018', 'GB', '+442079460018'],
    ['030/23125-123', 'DE', '+493023125123'],
    ['06 12345678', 'IT', '+390612345678'],
    ['212.555.0123', null, '+12125550123'],
    ['1-800-FLOWERS', 'US', '+18003569377'],
    ['(212) 555-HELP', 'US', '+12125554357'],
  ])('suggests E.164 for %j in %s', (phone, country, suggestedValue) => {
    expect(check(phone, country)).toEqual([
      {
        field: 'phone',
        message: 'The phone number is not written in E.164.',
        currentValue: phone,
        suggestedValue,
      },
    ]);
  });

  it.each([
    ['no number', null, 'US'],
    ['an empty one', '', 'US'],
    ['E.164', '+12125550123', 'US'],
    ['E.164 of another country', '+493023125123', 'US'],
    ['an extension, for which E.164 has no place', '212-555-0123 ext. 45', 'US'],
    ['a number that is invalid, and reported as that', '2262649', 'US'],
    ['a national number of an unknown country', '212-555-0123', 'Atlantis'],
  ])('says nothing about %s', (_, phone, country) => {
    expect(check(phone, country)).toEqual([]);
  });

  it('suggests to empty a number of white space', () => {
    expect(check(' \t', 'US')).toMatchObject([{ currentValue: ' \t', suggestedValue: '' }]);
  });

  const country = fc.constantFrom(...getCountries());
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 6, maxLength: 12 });
  const numberInCountry = fc.oneof(
    fc.tuple(digits, country),
    fc.tuple(
      digits.map((number) => `+${number}`),
      country,
    ),
    fc.tuple(fc.nat(9999), country).map(([tail, code]): [string, typeof code] => {
      const national = getExampleNumber(code, examples)?.formatNational() ?? '';
      return [`${national.slice(0, -4)}${String(tail).padStart(4, '0')}`, code];
    }),
  );

  it('suggests only what both phone rules accept', () => {
    let suggestions = 0;
    fc.assert(
      fc.property(numberInCountry, ([phone, code]) => {
        for (const { suggestedValue } of check(phone, code)) {
          suggestions += 1;
          const contact = contactWith({ phone: suggestedValue, country: code });
          expect(findingsOf(contactPhoneInvalid, contact)).toEqual([]);
          expect(findingsOf(contactPhoneFormat, contact)).toEqual([]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(suggestions).toBeGreaterThan(100);
  });
});

describe('site.phone.format', () => {
  it('asks the same of a site’s number', () => {
    expect(findingsOf(sitePhoneFormat, siteWith({ phone: '(312) 555-0123' }))).toMatchObject([
      { suggestedValue: '+13125550123' },
    ]);
  });
});
