import { legalFormOf } from './legalForm.ts';
import {
  canBeSpoken,
  countryOfLetters,
  isGreek,
  letterCase,
  toSmallLetters,
  withCapital,
  wordsOf,
} from './letterCase.ts';

/** Shorter words in capitals may be acronyms, as in `IBM` or `BASF SE`; so may be a word alone. */
const LEAST_LETTERS = 4;
const LEAST_WORDS = 2;

/** Short words that are no acronyms, written small but at the beginning. */
const SMALL_WORDS: ReadonlySet<string> = new Set(
  '& and das de del der des di die du e et for für in la le of the und van von y'.split(' '),
);

const SIGNS = /[\p{N}.@]/u;

interface Word {
  readonly text: string;
  readonly form: string | null;
}

function partsOf(name: string): readonly Word[] {
  const texts = name.split(' ');
  return texts.map((text, index) => ({
    text,
    form: legalFormOf(text, index > 0 && index === texts.length - 1),
  }));
}

/**
 * How a cleaned name of an organisation is written that is all capitals, and no acronym, or all small
 * letters, and no brand of one word or with signs such as `booking.com`; else null.
 */
export function organisationNameCase(name: string): 'CAPITALS' | 'LOWER' | null {
  const letters = letterCase(name);
  if (letters === 'MIXED') return null;
  const words = partsOf(name);
  const named = words.filter(({ form }) => form === null);
  const long = named.flatMap(({ text }) => wordsOf(text)).filter(isLong);
  if (letters === 'CAPITALS') return long.length >= LEAST_WORDS ? 'CAPITALS' : null;
  const isBrand = words.length < LEAST_WORDS || named.some(({ text }) => SIGNS.test(text));
  return isBrand || long.length === 0 ? null : 'LOWER';
}

/** Whether a word is too long for an acronym, unless it can't be spoken. */
function isLong(word: string): boolean {
  return word.length >= LEAST_LETTERS && canBeSpoken(word);
}

/** How such a name is most likely written; null where one of its words may be an acronym. */
export function likelyOrganisationName(name: string, country: string | null): string | null {
  if (isGreek(name)) return null;
  const likely: string[] = [];
  const letters = countryOfLetters(name, country);
  for (const [index, { text, form }] of partsOf(name).entries()) {
    const small = toSmallLetters(text, letters);
    if (form !== null) likely.push(form);
    else if (SMALL_WORDS.has(small)) likely.push(index === 0 ? withCapital(small, letters) : small);
    else if (SIGNS.test(text) || !wordsOf(text).every(isLong)) return null;
    else likely.push(small.replace(/[\p{L}\p{M}]+/gu, (word) => withCapital(word, letters)));
  }
  const joined = likely.join(' ');
  return organisationNameCase(joined) === null ? joined : null;
}
