import {
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { planOfCountry } from './numberingPlan.ts';

/**
 * Countries and territories so close that people of one often have a number of another, although
 * the numbers differ. Those that share a code, as with +44 and +7, need no mention; of +1 the area
 * codes tell.
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

interface NumbersInUse {
  /** How the numbers start. */
  readonly beginnings: readonly string[];
  /** The countries that they are of. */
  readonly countries: ReadonlySet<string>;
}

/** The numbers that are used in a country, by its alpha-2 code. */
const numbersInUse = new Map<string, NumbersInUse>();

/**
 * Whether a number (E.164) has the calling code of the country (alpha-2), or of one so close that its
 * numbers are in use there; with +1, whether its area code is not certain to be of another country.
 * True for a country of which no calling code is known.
 */
export function isNumberUsedIn(e164: string, country: string): boolean {
  let own = numbersInUse.get(country);
  if (own === undefined) {
    own = numbersUsedIn(country);
    if (numbersInUse.size < MOST_COUNTRIES) numbersInUse.set(country, own);
  }
  if (own.beginnings.length === 0) return true;
  for (const beginning of own.beginnings) {
    if (e164.startsWith(beginning)) return beginning !== '+1' || isAreaIn(e164, own.countries);
  }
  return false;
}

function numbersUsedIn(country: string): NumbersInUse {
  const close = CLOSE.filter((group) => group.includes(country)).flat();
  const countries = new Set([country, ...close]);
  const beginnings = [...countries]
    .filter((code) => isSupportedCountry(code))
    .map((code) => `+${getCountryCallingCode(code)}`);
  return { beginnings: [...new Set(beginnings)], countries };
}

function isAreaIn(e164: string, countries: ReadonlySet<string>): boolean {
  const country = countryOfArea(e164);
  return country === null || countries.has(country);
}

/** By area code, which is a number of three digits; undefined where nobody has asked yet. */
const countriesOfAreas = new Array<string | null | undefined>(1_000);

const ZERO = 0x30;

/** The country that the area code of a number with +1 is of; null where that is not certain. */
function countryOfArea(e164: string): string | null {
  let code = 0;
  // Without a text made for it: most numbers of the largest country come by here.
  for (let index = 2; index < 5; index += 1) code = code * 10 + e164.charCodeAt(index) - ZERO;
  let country = countriesOfAreas[code];
  if (country === undefined) {
    country = askForArea(String(code));
    countriesOfAreas[code] = country;
  }
  return country;
}

/** Numbers within an area, of which a country has some in use where the area is its own. */
const SAMPLES = ['2345678', '5345678', '8345678'];

/** A country with the calling code 1. */
interface AreaHolder {
  readonly country: string;
  /** Its area codes, where these tell it from all others; null for the large countries. */
  readonly areas: RegExp | null;
  /** Its numbers that are of some place, as those with +1 800 are not. */
  readonly numbers: RegExp;
}

let areaHolders: readonly AreaHolder[] | null = null;

/** Asked of the numbering plans themselves: the library takes 100 µs for an area. */
function askForArea(areaCode: string): string | null {
  areaHolders ??= readAreaHolders();
  const holder = areaHolders.find(({ areas }) => areas?.test(areaCode) === true);
  if (holder !== undefined) return holder.country;
  const [only, ...others] = areaHolders.filter(
    ({ areas, numbers }) => areas === null && SAMPLES.some((n) => numbers.test(areaCode + n)),
  );
  return only === undefined || others.length > 0 ? null : only.country;
}

function readAreaHolders(): readonly AreaHolder[] {
  const countries = getCountries().filter((code) => getCountryCallingCode(code) === '1');
  return countries.flatMap((country) => {
    const plan = planOfCountry(country);
    if (plan === null) return [];
    const { leadingDigits, types } = plan;
    const ofPlaces = types.filter(({ type }) => type === 'FIXED_LINE' || type === 'MOBILE');
    return {
      country,
      areas: leadingDigits === null ? null : new RegExp(`^(?:${leadingDigits})$`),
      numbers: new RegExp(`^(?:${ofPlaces.map(({ pattern }) => pattern).join('|')})$`),
    };
  });
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
