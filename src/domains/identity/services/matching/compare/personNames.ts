import { doubleMetaphone } from 'double-metaphone';
import { areNicknames } from '../normalise/nicknames.ts';
import type { RecordStore } from '../recordStore.ts';
import type { StringTable } from '../stringTable.ts';
import type { Compare } from './comparator.ts';
import { ofEachText, remembering, TextComparer } from './textComparer.ts';

/** Levels of both names; a swapped name stands in the field of the other one. */
export const NAME_LEVEL = {
  exact: 1,
  variant: 2,
  close: 3,
  similar: 4,
  swapped: 5,
  different: 6,
} as const;

const CLOSE = 0.93;
const SIMILAR = 0.82;

/** Less similar names are never two edits apart, if they have six letters or more. */
const TWO_EDITS = 0.65;

/** Compares given and family names, straight and crosswise. */
export function comparePersonNames(
  store: RecordStore,
  givenField: number,
  familyField: number,
): Compare {
  const [given, family] = [store.column('given'), store.column('family')];
  const table = store.table('given');
  const compareGiven = remembering(nameComparison(table, areFormsOfAGivenName), table.size);
  const compareFamily = remembering(nameComparison(table, sharePart), table.size);
  const generation = ofEachText(table, generationOf);
  const texts = new TextComparer(table);
  const crossLevel = (one: number, other: number): number => {
    const level = levelOf(one, other, compareGiven);
    if (level !== NAME_LEVEL.similar) return level;
    const shorter = Math.min(texts.length(one), texts.length(other));
    const areTypos = shorter >= 6 && texts.editDistance(one, other) <= 2;
    return areTypos ? NAME_LEVEL.similar : NAME_LEVEL.different;
  };
  return (one, other, levels) => {
    const [givenOne, givenOther] = [given[one] ?? 0, given[other] ?? 0];
    const [familyOne, familyOther] = [family[one] ?? 0, family[other] ?? 0];
    const givenLevel = levelOf(givenOne, givenOther, compareGiven);
    const familyLevel = levelOf(familyOne, familyOther, compareFamily);
    levels[givenField] = givenLevel;
    levels[familyField] = familyLevel;
    // Father and son share the given name, which speaks for them no more than the family name.
    if (familyLevel === NAME_LEVEL.different && isAgreement(givenLevel)) {
      if (areTwoGenerations(generation(familyOne), generation(familyOther))) {
        levels[givenField] = NAME_LEVEL.different;
      }
    }
    if (isAgreement(givenLevel) || isAgreement(familyLevel)) return;
    // Either may be the given name, and be shortened.
    const crossOne = crossLevel(givenOne, familyOther);
    if (crossOne === NAME_LEVEL.different) return;
    const crossOther = crossLevel(familyOne, givenOther);
    if (!areSwapped(crossOne, crossOther)) return;
    levels[givenField] = NAME_LEVEL.swapped;
    levels[familyField] = crossOne === 0 || crossOther === 0 ? 0 : NAME_LEVEL.swapped;
  };
}

/** One is the same and the other two typos apart at most, or both agree but for a typo or a short form. */
function areSwapped(one: number, other: number): boolean {
  const isFor = (level: number): boolean => level >= 1 && level <= NAME_LEVEL.similar;
  if (one === NAME_LEVEL.exact) return other === 0 || isFor(other);
  if (other === NAME_LEVEL.exact) return one === 0 || isFor(one);
  return isAgreement(one) && isAgreement(other);
}

const isAgreement = (level: number): boolean => level >= 1 && level <= NAME_LEVEL.close;

function levelOf(
  one: number,
  other: number,
  compare: (one: number, other: number) => number,
): number {
  if (one === 0 || other === 0) return 0;
  return one === other ? NAME_LEVEL.exact : compare(one, other);
}

function nameComparison(
  table: StringTable,
  isVariant: (one: NameForm, other: NameForm) => boolean,
): (one: number, other: number) => number {
  const texts = new TextComparer(table);
  const formOf = ofEachText(table, nameForm);
  return (one, other) => {
    const [form, otherForm] = [formOf(one), formOf(other)];
    if (areTwoGenerations(form.generation, otherForm.generation)) return NAME_LEVEL.different;
    if (isVariant(form, otherForm)) return NAME_LEVEL.variant;
    const shorter = Math.min(form.joined.length, otherForm.joined.length);
    const similarity = texts.jaroWinkler(one, other);
    if (similarity >= CLOSE) return NAME_LEVEL.close;
    const isTypo = texts.isOneEdit(one, other);
    if (isTypo) return shorter >= 4 ? NAME_LEVEL.close : NAME_LEVEL.similar;
    if (similarity >= SIMILAR) return NAME_LEVEL.similar;
    if (shorter >= 6 && similarity >= TWO_EDITS && texts.editDistance(one, other) <= 2) {
      return NAME_LEVEL.similar;
    }
    return shorter >= 3 && form.sound === otherForm.sound
      ? NAME_LEVEL.similar
      : NAME_LEVEL.different;
  };
}

/** A name by what is compared of it. */
interface NameForm {
  readonly words: readonly string[];
  readonly joined: string;
  readonly sound: string;
  readonly generation: number;
}

function nameForm(name: string): NameForm {
  const words = name.split(' ');
  const joined = words.join('');
  const sound = doubleMetaphone(joined)[0] || joined;
  return { words, joined, sound, generation: generationOf(name) };
}

const GENERATIONS: ReadonlyMap<string, number> = new Map([
  ['sr', 1],
  ['senior', 1],
  ['jr', 2],
  ['junior', 2],
  ['ii', 2],
  ['iii', 3],
  ['iv', 4],
]);

/** Smith Sr. and Smith Jr.: father and son. */
function areTwoGenerations(one: number, other: number): boolean {
  return one !== 0 && other !== 0 && one !== other;
}

/** 0 where the name says nothing of it. */
function generationOf(name: string): number {
  const space = name.lastIndexOf(' ');
  return space < 0 ? 0 : (GENERATIONS.get(name.slice(space + 1)) ?? 0);
}

/** Bob and Robert, J and John, Mary Ann and Mary. */
function areFormsOfAGivenName(one: NameForm, other: NameForm): boolean {
  const [word = '', otherWord = ''] = [one.words[0], other.words[0]];
  if (word === otherWord || areNicknames(word, otherWord)) return true;
  const isInitial = word.length === 1 || otherWord.length === 1;
  return (isInitial && word[0] === otherWord[0]) || sharePart(one, other);
}

/** Garcia and Garcia Lopez, Smith Jones and Jones, Mc Kay and McKay. */
function sharePart(one: NameForm, other: NameForm): boolean {
  if (one.words.length === 1 && other.words.length === 1) return false;
  if (one.joined === other.joined) return true;
  return other.words.some((word) => word.length > 2 && one.words.includes(word));
}
