import type { RecordStore } from '../recordStore.ts';
import { type Compare, MISSING } from './comparator.ts';
import { areNumberedApart, nameNumbers } from './nameNumbers.ts';
import type { NameWords } from './nameWords.ts';
import { ofEachText, remembering, TextComparer } from './textComparer.ts';

/** Levels of the names of two organisations or sites. */
export const ORGANISATION_LEVEL = {
  exact: 1,
  close: 2,
  similar: 3,
  related: 4,
  different: 5,
  otherNumber: 6,
} as const;

/**
 * Compares names of organisations and sites by their words, of which rare ones weigh more (inverse
 * document frequency: Spärck Jones 1972, doi:10.1108/eb026526), and typos in words are let pass
 * (the soft TF-IDF of Cohen, Ravikumar and Fienberg 2003). Names that are alike but for their
 * numbers are of two that were numbered: `Building 1` and `Building 2`.
 */
export function compareOrganisationNames(
  store: RecordStore,
  field: number,
  words: NameWords,
): Compare {
  const name = store.column('name');
  const table = store.table('name');
  const texts = new TextComparer(table);
  const overlap = wordOverlap(words);
  const numbersOf = ofEachText(table, nameNumbers);
  const wordLevel = (one: number, other: number): number => {
    const shorter = Math.min(texts.length(one), texts.length(other));
    if (shorter >= 5 && texts.isOneEdit(one, other)) return ORGANISATION_LEVEL.close;
    if (table.text(one).replaceAll(' ', '') === table.text(other).replaceAll(' ', '')) {
      return ORGANISATION_LEVEL.close;
    }
    const { share, contained } = overlap(one, other);
    if (share >= 0.8 || (contained >= 0.95 && share >= 0.6)) return ORGANISATION_LEVEL.close;
    if (share >= 0.5 || contained >= 0.95) return ORGANISATION_LEVEL.similar;
    return share >= 0.2 || contained >= 0.4 || texts.jaroWinkler(one, other) >= 0.85
      ? ORGANISATION_LEVEL.related
      : ORGANISATION_LEVEL.different;
  };
  const compare = remembering((one, other) => {
    const level = wordLevel(one, other);
    return level < ORGANISATION_LEVEL.different &&
      areNumberedApart(numbersOf(one), numbersOf(other))
      ? ORGANISATION_LEVEL.otherNumber
      : level;
  }, table.size);
  return (one, other, levels) => {
    const [id, otherId] = [name[one] ?? 0, name[other] ?? 0];
    levels[field] =
      id === 0 || otherId === 0
        ? MISSING
        : id === otherId
          ? ORGANISATION_LEVEL.exact
          : compare(id, otherId);
  };
}

interface Overlap {
  /** Of the weight of all words of both, what is in both: from 0 to 1. */
  readonly share: number;
  /** Of the weight of the words of the lighter name, what is in the other: from 0 to 1. */
  readonly contained: number;
}

function wordOverlap(words: NameWords): (one: number, other: number) => Overlap {
  const texts = new TextComparer(words.table);
  const isAlike = (one: number, other: number): boolean =>
    Math.min(texts.length(one), texts.length(other)) >= 4 &&
    (texts.isOneEdit(one, other) || texts.jaroWinkler(one, other) >= 0.93);
  return (one, other) => {
    const [listOne, listOther] = [words.of(one), words.of(other)];
    const weight = (list: readonly number[]): number =>
      list.reduce((sum, word) => sum + words.weight(word), 0);
    const [weightOne, weightOther] = [weight(listOne), weight(listOther)];
    const [lighter, heavier] =
      weightOne <= weightOther ? [listOne, listOther] : [listOther, listOne];
    let shared = 0;
    for (const word of lighter) {
      if (heavier.includes(word)) shared += words.weight(word);
      else if (heavier.some((candidate) => isAlike(word, candidate))) {
        shared += 0.9 * words.weight(word);
      }
    }
    return {
      share: (2 * shared) / (weightOne + weightOther),
      contained: shared / Math.min(weightOne, weightOther),
    };
  };
}
