import { isPrintableAscii } from './printableAscii.ts';

/** Accents and the like of Latin, Greek and Cyrillic. The vowel signs of other scripts stay. */
const DIACRITICS = /[\u0300-\u036F]/g;

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu;

/** A text of which only the case is to be folded, as most are: 50 ns instead of 250. */
const PLAIN_WORDS = /^[a-z0-9]+(?: [a-z0-9]+)*$/i;

/**
 * The form in which names and addresses are compared: lower case, no diacritics, one space between
 * words and no punctuation. Empty for null and for a text without a letter or digit.
 */
export function matchText(text: string | null): string {
  if (text === null) return '';
  if (PLAIN_WORDS.test(text)) return text.toLowerCase();
  return foldLetters(text).replace(BETWEEN_WORDS, ' ').trim();
}

function foldLetters(text: string): string {
  if (isPrintableAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toUpperCase() // Folds what lower case keeps apart, such as ß and ss.
    .toLowerCase();
}
