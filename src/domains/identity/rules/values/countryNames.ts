import countries from 'i18n-iso-countries';

/** Countries that speak a language beside English and their most widely spoken one. */
const FURTHER_SPEAKERS: Readonly<Record<string, readonly string[]>> = {
  af: ['ZA'],
  be: ['BY'],
  de: ['BE', 'LU'],
  es: ['PY'],
  fr: ['BE', 'CA', 'CF', 'CH', 'DZ', 'HT', 'LU', 'MA', 'MG', 'ML', 'MR', 'NE', 'SN', 'TD', 'TN'],
  ga: ['IE'],
  it: ['CH'],
  kk: ['KZ'],
  nn: ['NO'],
  ps: ['AF'],
  sv: ['FI'],
  tr: ['CY'],
};

/** Codes in wide use that ISO 3166-1 does not assign; both mean one country only. */
const CUSTOMARY_CODES: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' };

/**
 * What people call countries beside the names of ISO 3166-1: parts of the United Kingdom, which share
 * its code, and short names that mean one country only.
 */
const INFORMAL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'u.k.': 'GB',
    britain: 'GB',
    england: 'GB',
    scotland: 'GB',
    wales: 'GB',
    cymru: 'GB',
    'northern ireland': 'GB',
    'u.s.': 'US',
    'u.s.a.': 'US',
    america: 'US',
    holland: 'NL',
    'the netherlands': 'NL',
    'u.a.e.': 'AE',
  }),
);

const codeByName = indexNames();

/**
 * The alpha-2 code that a cleaned text certainly stands for: an alpha-2 or alpha-3 code in any
 * case, `UK`, `EL`, the exact name of a country in English or in a language of its own, or what
 * people usually call it. Null where that is not certain.
 */
export function countryCodeFor(text: string): string | null {
  const upper = text.toUpperCase();
  if (countries.alpha2ToAlpha3(upper) !== undefined) return upper;
  return (
    countries.alpha3ToAlpha2(upper) ??
    CUSTOMARY_CODES[upper] ??
    codeByName.get(text.toLowerCase()) ??
    INFORMAL_NAMES.get(text.toLowerCase()) ??
    null
  );
}

/**
 * Answers and places that are written like a country: not available, no, Guinea-Bissau, New Jersey,
 * American Samoa, South Sudan; the continent of America; and the state of Georgia, also where the
 * workspace is of another country.
 */
const OTHER_MEANINGS: ReadonlySet<string> = new Set(
  'na no america georgia guinea guinée jersey micronesia samoa sudan'.split(' '),
);

/** States of the US whose abbreviation is the code of a country. */
const UNITED_STATES: ReadonlySet<string> = new Set(
  'al ar az ca co de ga id il in ky la ma md me mn mo ms mt nc ne pa sc sd tn va'.split(' '),
);

/**
 * Whether a cleaned text for which {@link countryCodeFor} has a code may well have been meant as
 * something else, in a workspace of this country (alpha-2; null where it has none).
 */
export function mayMeanElse(text: string, defaultCountry: string | null): boolean {
  const small = text.toLowerCase();
  if (small === defaultCountry?.toLowerCase()) return false;
  return OTHER_MEANINGS.has(small) || (defaultCountry === 'US' && UNITED_STATES.has(small));
}

/** Maps each name to its country; a name that two countries bear is certain for neither. */
function indexNames(): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const code of Object.keys(countries.getAlpha2Codes())) {
    for (const name of namesOf(code)) {
      const other = index.get(name);
      if (other !== undefined && other !== code) ambiguous.add(name);
      index.set(name, code);
    }
  }
  for (const name of ambiguous) index.delete(name);
  return index;
}

function namesOf(code: string): string[] {
  return languagesOf(code).flatMap((language) =>
    (countries.getName(code, language, { select: 'all' }) ?? []).map((name) => name.toLowerCase()),
  );
}

function languagesOf(code: string): string[] {
  const mainLanguage = new Intl.Locale(`und-${code}`).maximize().language;
  const further = Object.entries(FURTHER_SPEAKERS).filter(([, speakers]) =>
    speakers.includes(code),
  );
  return ['en', mainLanguage, ...further.map(([language]) => language)];
}
