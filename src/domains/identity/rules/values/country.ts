import countries from 'i18n-iso-countries';
import type { RuleContext } from '../rule.ts';
import { cleanText } from './cleanText.ts';

/** ISO 3166-1 alpha-2, and XK for Kosovo, which ISO leaves to its users. */
const CODES: ReadonlySet<string> = new Set(Object.keys(countries.getAlpha2Codes()));

const NAMES_IN_ENGLISH = new Intl.DisplayNames(['en'], { type: 'region' });

/** Whether a text is an ISO 3166-1 alpha-2 code exactly as it should be written. */
export function isCountryCode(text: string): boolean {
  return CODES.has(text);
}

/** Looking a name up takes 3 µs, and many messages name the same few countries. */
const namesSoFar = new Map<string, string>();

/** English name of a country for messages, such as `United States`. `code` is alpha-2. */
export function countryName(code: string): string {
  let name = namesSoFar.get(code);
  if (name === undefined) {
    name = NAMES_IN_ENGLISH.of(code) ?? code;
    namesSoFar.set(code, name);
  }
  return name;
}

/**
 * The country whose rules an entity's phone and postal code follow: its own, or the workspace's
 * where it has none. Null when that is not a known code: an unknown country is no reason to fall
 * back to the workspace's.
 */
export function countryToJudgeBy(country: string | null, context: RuleContext): string | null {
  // Most are codes as they stand, and need no cleaning.
  if (country !== null && isCountryCode(country)) return country;
  const own = country === null ? '' : cleanText(country);
  const code = own === '' ? context.defaultCountry : own;
  return code !== null && isCountryCode(code) ? code : null;
}
