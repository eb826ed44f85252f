import { createRequire } from 'node:module';
import { isSupportedCountry } from 'libphonenumber-js/max';

type GooglePhones = typeof import('google-libphonenumber');

const require = createRequire(import.meta.url);

/** Loaded when first needed: its tables take 60 ms and 13 MB. */
let library: GooglePhones | null = null;

/** From 112 to 116 117 and the like: three to six digits, perhaps in two groups. */
const SHORT = /^\d{1,3}[ -]?\d{2,3}$/;

/** What a short number reaches in a country: help in an emergency, or a service such as directory assistance. */
export type ShortCode = 'EMERGENCY' | 'SERVICE';

/**
 * What a short number reaches that can be dialled in one country only, by the short number metadata of
 * Google's libphonenumber; null for a number that is none there.
 *
 * @param country - alpha-2
 */
export function readShortCode(text: string, country: string): ShortCode | null {
  if (!SHORT.test(text) || !isSupportedCountry(country)) return null;
  library ??= require('google-libphonenumber') as GooglePhones;
  const digits = text.replace(/\D/g, '');
  const numbers = library.ShortNumberInfo.getInstance();
  if (numbers.isEmergencyNumber(digits, country)) return 'EMERGENCY';
  const number = new library.PhoneNumber();
  number.setCountryCode(library.PhoneNumberUtil.getInstance().getCountryCodeForRegion(country));
  number.setNationalNumber(Number(digits));
  return numbers.isValidShortNumberForRegion(number, country) ? 'SERVICE' : null;
}
