import fc from 'fast-check';
import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { expect, it } from 'vitest';
import { isPostalCodeOf } from '../../../../../src/domains/identity/rules/values/postalCode.ts';

it('agrees with the library on all codes of five digits but zeros, asked once and again', () => {
  const country = fc.constantFrom('US', 'DE', 'FR', 'IT', 'MX', 'GB', 'CH', 'NL', 'AU', 'SG');
  const code = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(country, code, (alpha2, digits) => {
      if (!postcodeValidatorExistsForCountry(alpha2) || digits === '00000') return;
      const expected = postcodeValidator(digits, alpha2);
      expect(isPostalCodeOf(alpha2, digits)).toBe(expected);
      expect(isPostalCodeOf(alpha2, digits)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  ['US', '60607', true],
  ['US', '00000', false],
  ['US', '6060', false],
  ['US', '6060７', false],
  ['US', '6060:', false],
  ['US', '6060/', false],
  ['CH', '80010', false],
  ['NL', '01234', false],
])('tells whether %s has the code %j: %s', (country, code, expected) => {
  expect([isPostalCodeOf(country, code), isPostalCodeOf(country, code)]).toEqual([
    expected,
    expected,
  ]);
});
