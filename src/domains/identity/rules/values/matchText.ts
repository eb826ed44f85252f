/** Accents and the like of Latin, Greek and Cyrillic. The vowel signs of other scripts stay. */
const DIACRITICS = /[\u0300-\u036F]/g;

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * The form in which names and addresses are compared: lower case, no diacritics, one space between
 * words and no punctuation. Empty for null and for a text without a letter or digit.
 */
export function matchText(text: string | null): string {
  if (text === null) return '';
  return text
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toUpperCase() // Folds what lower case keeps apart, such as ß and ss.
    .toLowerCase()
    .replace(BETWEEN_WORDS, ' ')
    .trim();
}
