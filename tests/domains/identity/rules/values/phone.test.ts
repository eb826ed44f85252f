import fc from 'fast-check';
import { getCountries, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { readPhone } from '../../../../../src/domains/identity/rules/values/phone.ts';
import { inCountry } from '../ruleTesting.ts';

it('says of an invalid number’s length what the library says', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 18 });
  const phone = fc.tuple(fc.constantFrom('', '+'), digits).map(([plus, number]) => plus + number);
  fc.assert(
    fc.property(phone, fc.constantFrom(...getCountries()), (text, country) => {
      const reading = readPhone(text, country, inCountry(null));
      fc.pre(reading.kind === 'INVALID' && reading.problem !== 'EMERGENCY');
      const length = validatePhoneNumberLength(text, { defaultCountry: country }) ?? null;
      expect(reading.problem).toBe(length);
    }),
    { numRuns: 2_000 },
  );
});
