import { getCountries, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../../../src/domains/identity/demo/seededRandom.ts';
import {
  certainPhone,
  isCertainE164,
  isCertainlyTooShort,
} from '../../../../../src/domains/identity/rules/values/certainPhone.ts';
import { compareWithLibrary, libraryReading, typicalNumbers } from './phoneComparison.ts';

const SEED = 20_261_123;

describe('certainPhone', () => {
  it('accepts only what the library accepts, and reads the same number from it', () => {
    const { read, accepted, differing } = compareWithLibrary(2, SEED);
    expect(differing).toEqual([]);
    expect(read).toBeGreaterThan(150_000);
    expect(accepted).toBeGreaterThan(25_000);
  });

  it('spares the library nearly every valid number in E.164', () => {
    const valid = [...typicalNumbers(1, createSeededRandom(SEED))]
      .map(({ plan, number }) => `+${plan.callingCode}${number}`)
      .filter((text) => libraryReading({ text, country: null }) === text);
    const spared = valid.filter(isCertainE164);
    expect(valid.length).toBeGreaterThan(500);
    expect(spared.length / valid.length).toBeGreaterThan(0.98);
  });

  it.each([
    ['(212) 555-0123', 'US', '+12125550123'],
    ['020 7946 0018', 'GB', '+442079460018'],
    ['06 12345678', 'IT', '+390612345678'],
    ['+44 20 7946 0018', null, '+442079460018'],
    ['+7 812 555 01 23', null, '+78125550123'],
  ])('reads %j in %s without the library', (text, country, e164) => {
    expect(certainPhone(text, country)).toBe(e164);
  });

  it.each([
    ['a country is needed', '(212) 555-0123', null],
    ['the country has no numbers', '(212) 555-0123', 'AQ'],
    ['the country is unheard of', '(212) 555-0123', '__proto__'],
    ['the calling code may be there without a plus', '1 212 555 0123', 'US'],
    ['it is dialled from abroad', '011 49 30 23125123', 'US'],
    ['there is an extension', '212-555-0123 x4', 'US'],
    ['a prefix stands after the calling code', '+44 (0)20 7946 0018', 'GB'],
    ['no country has the calling code', '+80012345678', null],
    ['the digits are not those of ASCII', '٠٥٠١٢٣٤٥٦٧', 'AE'],
    ['it is invalid', '+15555555555', null],
  ])('leaves a text to the library when %s', (_, text, country) => {
    expect(certainPhone(text, country)).toBeNull();
  });
});

describe('isCertainlyTooShort', () => {
  it('says so only where the library does', () => {
    const random = createSeededRandom(SEED);
    let said = 0;
    for (const country of getCountries()) {
      for (let round = 0; round < 500; round += 1) {
        const text = random.fill('#'.repeat(random.between(4, 11)));
        if (!isCertainlyTooShort(text, country)) continue;
        said += 1;
        const length = validatePhoneNumberLength(text, { defaultCountry: country });
        expect([text, country, length]).toEqual([text, country, 'TOO_SHORT']);
      }
    }
    expect(said).toBeGreaterThan(10_000);
  });

  it.each([
    ['555-0123', 'US', true],
    ['310-1234', 'CA', false],
    ['212 555 0123', 'US', false],
    ['+1 555 0123', 'US', false],
    ['none', 'US', false],
  ])('takes %j in %s for too short: %s', (text, country, expected) => {
    expect(isCertainlyTooShort(text, country)).toBe(expected);
  });
});
