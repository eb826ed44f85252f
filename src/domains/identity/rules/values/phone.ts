import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
  type ValidatePhoneNumberLengthResult,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { RuleContext } from '../rule.ts';
import { certainPhone, isCertainE164, isCertainlyTooShort } from './certainPhone.ts';
import { cleanText } from './cleanText.ts';
import { countryToJudgeBy } from './country.ts';
import { readShortCode } from './shortCode.ts';

/** What a text says as a phone number. */
export type PhoneReading =
  | { readonly kind: 'BLANK' }
  | { readonly kind: 'VALID'; readonly e164: string; readonly hasExtension: boolean }
  | InvalidPhone
  /** A number of the North American plan without its area code. */
  | { readonly kind: 'LOCAL' }
  /** Reaches a service, from its own country only. */
  | { readonly kind: 'SHORT_CODE' }
  /** May be right in some country, and it isn't known which. */
  | { readonly kind: 'UNDECIDABLE' };

type Problem = ValidatePhoneNumberLengthResult | 'EMERGENCY' | null;

export interface InvalidPhone {
  readonly kind: 'INVALID';
  /** Null where the length is right and the number still is none; EMERGENCY where it is one, but nobody's. */
  readonly problem: Problem;
  /** The country (alpha-2) it was held against; null for that of its own calling code. */
  readonly country: string | null;
}

const BLANK: PhoneReading = { kind: 'BLANK' };
const LOCAL: PhoneReading = { kind: 'LOCAL' };
const SHORT_CODE: PhoneReading = { kind: 'SHORT_CODE' };
const UNDECIDABLE: PhoneReading = { kind: 'UNDECIDABLE' };

/** The URI scheme of phone numbers, as copied from web pages. */
const SCHEME = /^tel:/i;

/** A calling code in brackets, such as `(+49) 30 …`, which the library refuses. */
const BRACKETED_CALLING_CODE = /^\(\s*([+＋]\s*\d{1,3})\s*\)/;

const INTERNATIONAL = /^[+＋]/;

/**
 * A subscriber's number within an area of the North American Numbering Plan: seven digits, the
 * exchange's three not starting with 0 or 1 and not ending in 11 (nanpa.com, "About NANP").
 */
const LOCAL_NUMBER = /^[2-9](?!11)\d{2}[ .-]?\d{4}$/;
const NORTH_AMERICAN_CODE = '1';

/** A number of North America whose last digits are spelt by the letters of the keys: 1-800-FLOWERS. */
const SPELT = /^(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]?(?:\d{3}[ .-]?)?[A-Z]{4,7}$/;

/** The key of each letter, from A on (ITU-T E.161). */
const KEYS = '22233344455566677778889999';
const A = 65;

/** The last reading: the rules on phones ask for the same value one after the other. */
let last: {
  readonly phone: string;
  readonly country: string | null;
  readonly context: RuleContext;
  readonly reading: PhoneReading;
} | null = null;

/**
 * Reads an entity's phone as one number, by libphonenumber's full metadata. `country` is that of
 * the entity, as it stands.
 */
export function readPhone(
  phone: string,
  country: string | null,
  context: RuleContext,
): PhoneReading {
  if (last?.phone !== phone || last.country !== country || last.context !== context) {
    last = { phone, country, context, reading: judgePhone(phone, country, context) };
  }
  return last.reading;
}

function judgePhone(phone: string, country: string | null, context: RuleContext): PhoneReading {
  // Most are clean and need no country, so this comes before the work of finding one.
  if (isCertainE164(phone)) return valid(phone);
  const text = cleanText(phone);
  if (text === '') return BLANK;
  const judgedBy = countryToJudgeBy(country, context);
  const e164 = certainPhone(text, judgedBy);
  if (e164 !== null) return valid(e164);
  if (LOCAL_NUMBER.test(text) && judgedBy !== null && isNorthAmerican(judgedBy)) return LOCAL;
  const shortCode = judgedBy === null ? null : readShortCode(text, judgedBy);
  if (shortCode === 'SERVICE') return SHORT_CODE;
  if (shortCode === 'EMERGENCY') {
    return { kind: 'INVALID', problem: 'EMERGENCY', country: judgedBy };
  }
  if (judgedBy !== null && isCertainlyTooShort(text, judgedBy)) {
    return { kind: 'INVALID', problem: 'TOO_SHORT', country: judgedBy };
  }
  const isSpelt = SPELT.test(text) && judgedBy !== null && isNorthAmerican(judgedBy);
  return askLibrary(isSpelt ? withoutLetters(text) : text, judgedBy);
}

function withoutLetters(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => KEYS.charAt(letter.charCodeAt(0) - A));
}

function isNorthAmerican(country: string): boolean {
  return isSupportedCountry(country) && getCountryCallingCode(country) === NORTH_AMERICAN_CODE;
}

function valid(e164: string): PhoneReading {
  return { kind: 'VALID', e164, hasExtension: false };
}

function askLibrary(value: string, country: string | null): PhoneReading {
  const text = value.replace(SCHEME, '').replace(BRACKETED_CALLING_CODE, '$1 ');
  const isInternational = INTERNATIONAL.test(text);
  const defaultCountry = country !== null && isSupportedCountry(country) ? country : undefined;
  // Without `extract: false`, the first of several numbers would pass for the whole value.
  const number = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  if (number?.isValid()) {
    return { kind: 'VALID', e164: number.number, hasExtension: number.ext !== undefined };
  }
  const problem = lengthProblem(text, defaultCountry, number);
  // Without a country to read it by, the library asks a national number for its calling code.
  const isNational = defaultCountry === undefined && !isInternational;
  if (problem === 'INVALID_COUNTRY' && isNational) return UNDECIDABLE;
  return { kind: 'INVALID', problem, country: isInternational ? null : country };
}

/** Made once: the library checks all its metadata each time. */
const metadata = new Metadata();

/**
 * What the library's `validatePhoneNumberLength` says of a number, without reading it once more
 * where its country is known.
 */
function lengthProblem(
  text: string,
  defaultCountry: CountryCode | undefined,
  number: PhoneNumber | undefined,
): Problem {
  if (number?.country === undefined) {
    return validatePhoneNumberLength(text, { defaultCountry }) ?? null;
  }
  metadata.selectNumberingPlan(number.country);
  const lengths = metadata.numberingPlan?.possibleLengths() ?? [];
  const { length } = number.nationalNumber;
  if (lengths.length === 0 || lengths.includes(length)) return null;
  if (length < Math.min(...lengths)) return 'TOO_SHORT';
  return length > Math.max(...lengths) ? 'TOO_LONG' : 'INVALID_LENGTH';
}
