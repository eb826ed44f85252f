import { isSupportedCountry } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import { z } from 'zod';

/** What makes a number valid in a country. Patterns are sources of regular expressions, unanchored. */
export interface NumberingPlan {
  readonly callingCode: string;
  /** What is dialled before a calling code, such as `00`. */
  readonly internationalPrefix: string;
  readonly pattern: string;
  /** How many digits a number can have, without the calling code. */
  readonly lengths: readonly number[];
  /** What is dialled before a number within the country, such as `0`; null where nothing is. */
  readonly nationalPrefix: string | null;
  /** A pattern of what may stand for the national prefix; null where nothing may. */
  readonly nationalPrefixPattern: string | null;
  /** Whether a number is rewritten, and not only shortened, where that pattern matches. */
  readonly hasPrefixTransform: boolean;
  /** Tells the country from others with its calling code, where it is the only one that can. */
  readonly leadingDigits: string | null;
  readonly types: readonly NumberKind[];
}

/** The numbers of one type. */
export interface NumberKind {
  readonly type: (typeof NUMBER_TYPES)[number];
  readonly pattern: string;
  readonly lengths: readonly number[];
}

/** In the order in which the library keeps them. */
const NUMBER_TYPES = [
  'FIXED_LINE',
  'MOBILE',
  'TOLL_FREE',
  'PREMIUM_RATE',
  'PERSONAL_NUMBER',
  'VOICEMAIL',
  'UAN',
  'PAGER',
  'VOIP',
  'SHARED_COST',
] as const;

const ABSENT = z.literal(0);
const optionalText = z.union([z.string(), ABSENT]).transform((text) => text || null);
const lengths = z.array(z.number());
const numberType = z.union([ABSENT, z.tuple([z.string()]), z.tuple([z.string(), lengths])]);

/**
 * A plan as libphonenumber-js keeps it (metadata version 4): by position, undocumented, and read
 * here the way its class `NumberingPlan` does. Its version is pinned for that reason.
 */
const compactPlan = z
  .tuple([
    z.string(), // calling code
    z.string(), // international prefix
    z.string(), // pattern
    lengths,
    z.unknown(), // formats
    optionalText, // national prefix
    z.unknown(), // how the national prefix is formatted
    optionalText, // pattern of the national prefix
    optionalText, // how that is transformed
    z.unknown(), // whether the national prefix may be left out
    optionalText, // leading digits
    z.array(numberType),
  ])
  .rest(z.unknown())
  .transform(
    (plan): NumberingPlan => ({
      callingCode: plan[0],
      internationalPrefix: plan[1],
      pattern: plan[2],
      lengths: plan[3],
      nationalPrefix: plan[5],
      nationalPrefixPattern: plan[7] ?? plan[5],
      hasPrefixTransform: plan[8] !== null,
      leadingDigits: plan[10],
      types: NUMBER_TYPES.flatMap((type, index): NumberKind[] => {
        const [pattern = '', lengths = plan[3]] = plan[11][index] || [];
        return pattern === '' ? [] : [{ type, pattern, lengths }];
      }),
    }),
  );

const PLUS = 0x2b;
const ZERO = 0x30;

/**
 * The number that the first three digits of a number in E.164 are, which contain its calling code; -1
 * for a text that does not begin with a plus and three digits.
 */
export function firstDigitsOf(e164: string): number {
  if (e164.charCodeAt(0) !== PLUS) return -1;
  let number = 0;
  for (let index = 1; index < 4; index += 1) {
    const digit = e164.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The numbering plan of a country (alpha-2); null where none is known. */
export function planOfCountry(country: string): NumberingPlan | null {
  if (metadata.version !== 4 || !isSupportedCountry(country)) return null;
  return compactPlan.safeParse(metadata.countries[country]).data ?? null;
}

/**
 * The numbering plans of the countries that share a calling code, such as `44`, in the order in
 * which the library asks them. Empty for a code of no country, and when one of them can't be read.
 */
export function plansOfCallingCode(callingCode: string): readonly NumberingPlan[] {
  const countries = metadata.country_calling_codes[callingCode] ?? [];
  const plans = countries.map(planOfCountry).filter((plan) => plan !== null);
  return plans.length === countries.length ? plans : [];
}
