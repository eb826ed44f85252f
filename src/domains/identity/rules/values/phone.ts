import {
  isSupportedCountry,
  parsePhoneNumberFromString,
  type ValidatePhoneNumberLengthResult,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';

/**
 * What a text says as a phone number. `UNDECIDABLE` is one that may be right in some country, when
 * it isn't known which. `problem` is null where the length is right and the number still is none.
 */
export type PhoneReading =
  | { readonly kind: 'VALID'; readonly e164: string; readonly hasExtension: boolean }
  | { readonly kind: 'INVALID'; readonly problem: ValidatePhoneNumberLengthResult | null }
  | { readonly kind: 'UNDECIDABLE' };

const UNDECIDABLE: PhoneReading = { kind: 'UNDECIDABLE' };

/** The URI scheme of phone numbers, as copied from web pages. */
const SCHEME = /^tel:/i;

/** A calling code in brackets, such as `(+49) 30 …`, which the library refuses. */
const BRACKETED_CALLING_CODE = /^\(\s*([+＋]\s*\d{1,3})\s*\)/;

const INTERNATIONAL = /^[+＋]/;

/** The last reading: the rules on phones ask for the same value one after the other. */
let last: { value: string; country: string | null; reading: PhoneReading } | null = null;

/**
 * Reads a cleaned, non-empty text as one phone number, by libphonenumber's full metadata.
 *
 * `country` (alpha-2) tells how to read a number without a calling code; null where none is known.
 */
export function parsePhone(value: string, country: string | null): PhoneReading {
  if (last === null || last.value !== value || last.country !== country) {
    last = { value, country, reading: readPhone(value, country) };
  }
  return last.reading;
}

/** Whether a cleaned text bears its own calling code, so that no country is needed to read it. */
export function isInternational(value: string): boolean {
  return INTERNATIONAL.test(plainForm(value));
}

function readPhone(value: string, country: string | null): PhoneReading {
  const text = plainForm(value);
  const defaultCountry = country !== null && isSupportedCountry(country) ? country : undefined;
  // Without `extract: false`, the first of several numbers would pass for the whole value.
  const number = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  if (number?.isValid()) {
    return { kind: 'VALID', e164: number.number, hasExtension: number.ext !== undefined };
  }
  const problem = validatePhoneNumberLength(text, { defaultCountry }) ?? null;
  // Without a country to read it by, the library asks a national number for its calling code.
  const isNational = defaultCountry === undefined && !INTERNATIONAL.test(text);
  if (problem === 'INVALID_COUNTRY' && isNational) return UNDECIDABLE;
  return { kind: 'INVALID', problem };
}

function plainForm(value: string): string {
  return value.replace(SCHEME, '').replace(BRACKETED_CALLING_CODE, '$1 ');
}
