import {
  canBeSpoken,
  countryOfLetters,
  isGreek,
  letterCase,
  toSmallLetters,
  withCapital,
  wordsOf,
} from './letterCase.ts';

/** What follows a name: the third of that name. */
const NUMERAL = /^(?:X?(?:IX|IV|V?I{0,3}))$/;

const LEAST_LETTERS = 3;

/**
 * Words within a family name that are written small, in the languages that do so. `LA` and `LE` are
 * only after another of them: Le Blanc, but de la Cruz.
 */
const PARTICLES: ReadonlySet<string> = new Set(
  'da das de del den der des do dos du het ten ter van vom von zu zum zur'.split(' '),
);
const AFTER_A_PARTICLE: ReadonlySet<string> = new Set(['la', 'las', 'le', 'los', 'y']);

/** Two consonants that are no initials. */
const SHORT_WORDS: ReadonlySet<string> = new Set(['dr', 'jr', 'mr', 'ms', 'ng', 'sr', 'st']);

/** How a cleaned given or family name is written that is all capitals or all small letters; else null. */
export function personNameCase(name: string): 'CAPITALS' | 'LOWER' | null {
  switch (letterCase(name)) {
    case 'CAPITALS':
      return wordsOf(name).some(isShouted) ? 'CAPITALS' : null;
    case 'LOWER':
      return wordsOf(name).some((word) => word.length > 1 && !PARTICLES.has(word)) ? 'LOWER' : null;
    case 'MIXED':
      return null;
  }
}

/** Whether capitals are no initials (`JRR`, `AJ`) and no numeral (`III`). */
function isShouted(word: string): boolean {
  return word.length >= LEAST_LETTERS && !NUMERAL.test(word) && canBeSpoken(word);
}

/**
 * How a cleaned name in capitals or small letters is most likely written; null where that cannot be
 * told, as for Greek capitals, which have no accents.
 *
 * @param country - alpha-2 of the person, whose language tells some letters apart
 */
export function likelyPersonName(name: string, country: string | null): string | null {
  const isCapitals = letterCase(name) === 'CAPITALS';
  if (isCapitals && isGreek(name)) return null;
  const letters = countryOfLetters(name, country);
  const words = name.split(' ').map((word) => ({ word, small: toSmallLetters(word, letters) }));
  const likely = words
    .map(({ word, small }, index) => {
      const isLast = index === words.length - 1;
      if (!isLast && PARTICLES.has(small)) return small;
      const before = words[index - 1]?.small ?? '';
      if (!isLast && PARTICLES.has(before) && AFTER_A_PARTICLE.has(small)) return small;
      const isKept = isCapitals && ((index > 0 && NUMERAL.test(word)) || isInitials(word, small));
      return isKept ? word : capitalise(small, letters);
    })
    .join(' ');
  return personNameCase(likely) === null ? likely : null;
}

function isInitials(word: string, small: string): boolean {
  return /^[B-DF-HJ-NP-TV-XZ]{2}$/.test(word) && !SHORT_WORDS.has(small);
}

/** Begins each part of a word with a capital: `o'brien-mcdonald` becomes `O'Brien-McDonald`. */
function capitalise(small: string, country: string | null): string {
  return small.replace(/[\p{L}\p{M}]+/gu, (part, offset: number) => {
    const isEnding = part.length === 1 && /['’]/.test(small.charAt(offset - 1));
    if (isEnding) return part;
    if (part.startsWith('ij') && (country === 'NL' || country === 'BE')) {
      return `IJ${part.slice(2)}`;
    }
    return withCapital(part, country);
  });
}
