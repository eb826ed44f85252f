import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

/**
 * Countries and territories so close that people of one often have a number of another, although
 * their calling codes differ. Those that share a code, as with +1, +44 and +7, need no mention.
 */
const CLOSE: readonly (readonly string[])[] = [
  ['FR', 'MC', 'GP', 'GF', 'MQ', 'RE', 'YT', 'PM', 'BL', 'MF', 'NC', 'PF', 'WF'],
  ['IT', 'SM', 'VA'],
  ['CH', 'LI'],
  ['ES', 'AD'],
  ['GB', 'GI', 'FK', 'SH'],
  ['IE', 'GB'],
  ['DK', 'FO', 'GL'],
  ['NL', 'AW', 'CW', 'BQ', 'SX'],
  ['US', 'PR', 'GU', 'AS', 'MP', 'VI', 'UM', 'MH', 'FM', 'PW'],
  ['AU', 'NF'],
  ['NZ', 'CK', 'NU', 'TK'],
  ['RS', 'XK'],
  ['AL', 'XK'],
  ['MC', 'XK'],
  ['SI', 'XK'],
  ['CY', 'TR'],
  ['IL', 'PS'],
  ['CN', 'HK', 'MO'],
];

/** How the numbers start that are used in a country, by its alpha-2 code. */
const beginnings = new Map<string, readonly string[]>();

/**
 * Whether a number (E.164) has the calling code of the country (alpha-2), or of one so close that its
 * numbers are in use there. True for a country of which no calling code is known.
 */
export function isNumberUsedIn(e164: string, country: string): boolean {
  let own = beginnings.get(country);
  if (own === undefined) {
    const close = CLOSE.filter((group) => group.includes(country)).flat();
    own = [...new Set([country, ...close])]
      .filter((code) => isSupportedCountry(code))
      .map((code) => `+${getCountryCallingCode(code)}`);
    if (beginnings.size < MOST_COUNTRIES) beginnings.set(country, own);
  }
  if (own.length === 0) return true;
  for (const beginning of own) if (e164.startsWith(beginning)) return true;
  return false;
}

/** More than there are: unknown countries come by here too. */
const MOST_COUNTRIES = 500;

/** Types of numbers that people carry along when they move or travel, or that are of no place. */
const CARRIED: ReadonlySet<string> = new Set(['MOBILE', 'PAGER', 'PERSONAL_NUMBER', 'VOIP']);

/** Whether a valid number (E.164) is none that its owner takes along to other countries. */
export function isSettledNumber(e164: string): boolean {
  const type = parsePhoneNumberFromString(e164)?.getType();
  return type !== undefined && !CARRIED.has(type);
}

/** The country (alpha-2) that a number (E.164) is of; null for one of no country, such as +800. */
export function phoneCountryOf(e164: string): string | null {
  return parsePhoneNumberFromString(e164)?.country ?? null;
}
