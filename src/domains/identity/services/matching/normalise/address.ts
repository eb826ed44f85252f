import { foldText } from './text.ts';

/**
 * Common words of addresses and how they are shortened, after USPS Publication 28 (appendices B
 * and C) and what is usual elsewhere.
 */
const SHORT_FORMS: Readonly<Record<string, readonly string[]>> = {
  st: ['street', 'str', 'saint', 'strt'],
  ave: ['avenue', 'av', 'aven', 'avn', 'avnue'],
  rd: ['road'],
  blvd: ['boulevard', 'blv', 'boul', 'bd'],
  dr: ['drive', 'drv'],
  ln: ['lane'],
  pl: ['place', 'plc'],
  ct: ['court', 'crt'],
  sq: ['square'],
  ter: ['terrace', 'terr', 'tce'],
  hwy: ['highway', 'hiway'],
  pkwy: ['parkway', 'pky', 'pkway'],
  cir: ['circle', 'circ', 'cct', 'circuit'],
  cres: ['crescent', 'cr'],
  cl: ['close'],
  way: ['wy'],
  aly: ['alley', 'ally'],
  pde: ['parade'],
  gr: ['grove', 'grv'],
  gdns: ['gardens', 'gdn', 'garden'],
  plz: ['plaza', 'plza'],
  trl: ['trail'],
  tpke: ['turnpike', 'tpk'],
  expy: ['expressway'],
  fwy: ['freeway'],
  n: ['north'],
  s: ['south'],
  e: ['east'],
  w: ['west'],
  ne: ['northeast'],
  nw: ['northwest'],
  se: ['southeast'],
  sw: ['southwest'],
  mt: ['mount'],
  ft: ['fort'],
  ste: ['suite'],
  apt: ['apartment', 'appartment'],
  fl: ['floor', 'flr'],
  bldg: ['building'],
  rm: ['room'],
  '1st': ['first'],
  '2nd': ['second'],
  '3rd': ['third'],
  '4th': ['fourth'],
  '5th': ['fifth'],
  '6th': ['sixth'],
  '7th': ['seventh'],
  '8th': ['eighth'],
  '9th': ['ninth'],
  '10th': ['tenth'],
};

const SHORT = new Map(
  Object.entries(SHORT_FORMS).flatMap(([short, long]) => long.map((word) => [word, short])),
);

/** Words that say what kind of street it is: two streets may differ by them and be the same. */
export const STREET_KINDS: ReadonlySet<string> = new Set(
  'st ave rd blvd dr ln pl ct sq ter hwy pkwy cir cres cl way aly pde gr gdns plz n s e w'.split(
    ' ',
  ),
);

/** The lines of an address as they are compared; an empty text is a missing part. */
export interface AddressLines {
  readonly number: string;
  readonly street: string;
  readonly secondLine: string;
}

/** Folds and shortens the lines, and finds a house number that stands in the street line. */
export function normaliseAddressLines(
  streetNumber: string | null | undefined,
  line1: string | null | undefined,
  line2: string | null | undefined,
): AddressLines {
  const number = foldText(streetNumber);
  const street = shortenWords(foldText(line1));
  const secondLine = shortenWords(foldText(line2));
  if (number !== '') return { number, street: withoutNumber(street, number), secondLine };
  const found = takeNumber(street);
  if (found !== null) return { ...found, secondLine };
  if (street !== '') return { number, street, secondLine };
  const second = takeNumber(secondLine);
  return second === null ? { number, street, secondLine } : { ...second, secondLine: '' };
}

function shortenWords(line: string): string {
  if (line === '') return line;
  return line
    .split(' ')
    .map((word) => SHORT.get(word) ?? word.replace(/(?<=\p{L}{3})strasse$/u, 'str'))
    .join(' ');
}

function withoutNumber(street: string, number: string): string {
  return street.startsWith(`${number} `) ? street.slice(number.length + 1) : street;
}

/** `12b ogden ave` and `hauptstr 12b`, but not `5th ave` or `highway 61` alone. */
function takeNumber(street: string): { number: string; street: string } | null {
  const before = /^(\d+[a-z]?(?: \d+)?) (.+)$/.exec(street);
  if (before?.[1] !== undefined && before[2] !== undefined) {
    return { number: before[1], street: before[2] };
  }
  const behind = /^(\p{L}.*\p{L}) (\d+ ?[a-z]?)$/u.exec(street);
  if (
    behind?.[1] === undefined ||
    behind[2] === undefined ||
    /\b(?:hwy|route|rte)$/.test(behind[1])
  ) {
    return null;
  }
  return { number: behind[2].replace(' ', ''), street: behind[1] };
}
