/** How the letters of a text are written, as far as they have a case. */
export type LetterCase = 'CAPITALS' | 'LOWER' | 'MIXED';

/**
 * Scripts in which names begin with a capital. Georgian and Cherokee have capitals too, by which
 * names do not begin.
 */
const CASED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}]/u;

/** Most names begin with a capital that a small letter follows, and need no closer look. */
const EVERYDAY = /^[A-Z][a-z]/;

const CAPITAL = /\p{Lu}|\p{Lt}/u;
const SMALL = /\p{Ll}/u;

/** The case of a text; MIXED for one without letters that have any. */
export function letterCase(text: string): LetterCase {
  if (EVERYDAY.test(text)) return 'MIXED';
  const hasCapital = CAPITAL.test(text);
  const hasSmall = SMALL.test(text);
  if (hasCapital === hasSmall || !CASED.test(text)) return 'MIXED';
  return hasCapital ? 'CAPITALS' : 'LOWER';
}

const WORD = /[\p{L}\p{M}]+/gu;

/** The words of a text: letters only. */
export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

/** I with a dot is a letter of Turkish and its neighbours; what has one is written by their rules. */
const DOTTED_CAPITAL = /\u0130|I\u0307/;

/** The country (alpha-2) whose language tells the letters of a text apart: Turkish shows by itself. */
export function countryOfLetters(text: string, country: string | null): string | null {
  return DOTTED_CAPITAL.test(text) && country !== 'AZ' ? 'TR' : country;
}

/** The small letters of a text, by the rules of the language of a country (alpha-2) where they differ. */
export function toSmallLetters(text: string, country: string | null): string {
  return country === 'TR' || country === 'AZ' ? text.toLocaleLowerCase('tr') : text.toLowerCase();
}

/**
 * A word in small letters with a capital first, by the rules of the language of a country, and with
 * another after `Mc`; names that begin with `Mac` are written in either way.
 */
export function withCapital(word: string, country: string | null): string {
  if (/^mc\p{L}{3}/u.test(word)) return `Mc${firstToCapital(word.slice(2), country)}`;
  return firstToCapital(word, country);
}

function firstToCapital(word: string, country: string | null): string {
  const [first = '', ...rest] = word;
  const capital =
    country === 'TR' || country === 'AZ' ? first.toLocaleUpperCase('tr') : first.toUpperCase();
  return capital + rest.join('');
}

const LATIN = /\p{Script=Latin}/u;

/** A vowel of the Latin alphabet, with whatever is above or below it; y is one in names. */
const LATIN_VOWEL = /[AEIOUYÆØŒ]/i;

/** Whether a word can be spoken, which initials and many acronyms can't. Of Latin letters only. */
export function canBeSpoken(word: string): boolean {
  return !LATIN.test(word) || LATIN_VOWEL.test(word.normalize('NFKD'));
}

/** Whether a text has Greek letters, whose capitals bear no accents. */
export function isGreek(text: string): boolean {
  return /\p{Script=Greek}/u.test(text);
}
