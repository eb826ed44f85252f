import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { firstDigitsOf, plansOfCallingCode } from './numberingPlan.ts';

const SPECIAL_TYPES = ['PREMIUM_RATE', 'SHARED_COST', 'UAN', 'PAGER', 'VOICEMAIL'] as const;

/** A use of phone numbers that few people have. */
export type SpecialNumberType = (typeof SPECIAL_TYPES)[number];

/**
 * The special use that a valid number (E.164) has by libphonenumber's metadata; null for all others.
 * The library, which takes 10 µs, is asked of the few alone that may have one.
 */
export function specialNumberType(e164: string): SpecialNumberType | null {
  if (!maybeSpecial(e164)) return null;
  const type = parsePhoneNumberFromString(e164)?.getType();
  return SPECIAL_TYPES.find((special) => special === type) ?? null;
}

/** By the first three digits of a number; undefined where nobody has asked yet. */
const specialNumbers = new Array<RegExp | null | undefined>(1_000);

function maybeSpecial(e164: string): boolean {
  const start = firstDigitsOf(e164);
  let pattern = specialNumbers[start];
  if (pattern === undefined) {
    pattern = compileSpecialNumbers(e164.slice(1, 4));
    specialNumbers[start] = pattern;
  }
  return pattern?.test(e164) === true;
}

/** All special numbers of the countries with a calling code; null where there are none. */
function compileSpecialNumbers(start: string): RegExp | null {
  // No calling code is the beginning of another one.
  const codes = [1, 2, 3].map((digits) => start.slice(0, digits));
  const plans = codes.map(plansOfCallingCode).find(({ length }) => length > 0) ?? [];
  const special = plans
    .flatMap(({ types }) => types)
    .filter(({ type }) => SPECIAL_TYPES.some((name) => name === type))
    .map(({ pattern }) => pattern);
  if (special.length === 0) return null;
  return new RegExp(`^\\+${plans[0]?.callingCode}(?:${special.join('|')})$`);
}
