import { STREET_KINDS } from '../normalise/address.ts';
import type { RecordStore } from '../recordStore.ts';
import { isOneEdit } from '../similarity.ts';
import type { StringTable } from '../stringTable.ts';
import { AGREEMENT, type Compare, MISSING } from './comparator.ts';
import { ofEachText, remembering, TextComparer } from './textComparer.ts';

/** Levels of postal code, locality and region together. */
export const PLACE_LEVEL = {
  samePostalCode: 1,
  nearPostalCode: 2,
  sameLocality: 3,
  otherPostalCode: 4,
  sameArea: 5,
  different: 6,
} as const;

/** Levels of house number and street together. */
export const STREET_LEVEL = {
  exact: 1,
  near: 2,
  sameAsFarAsKnown: 3,
  sameStreet: 4,
  sameNumber: 5,
  different: 6,
} as const;

/** The fields that a comparison of addresses fills: of the three for the street, one alone. */
export interface AddressFields {
  readonly place: number;
  readonly streetInSamePlace: number;
  readonly streetElsewhere: number;
  readonly streetAnywhere: number;
  readonly secondLine: number;
}

/**
 * Compares addresses by a chain of conditional probabilities: first the place, then the street
 * given how the places agree. Postal code, locality and region depend on each other, and the street
 * depends on them; as independent fields they would count the same evidence several times, for
 * neighbours as well as against those who moved.
 */
export function compareAddresses(store: RecordStore, fields: AddressFields): Compare {
  const placeOf = placeComparison(store);
  const streetOf = streetComparison(store);
  const secondLine = store.column('secondLine');
  const lineLevel = agreement(store.table('secondLine'));
  return (one, other, levels) => {
    const place = placeOf(one, other);
    const street = streetOf(one, other);
    levels[fields.place] = place;
    levels[fields.streetInSamePlace] = MISSING;
    levels[fields.streetElsewhere] = MISSING;
    levels[fields.streetAnywhere] = MISSING;
    const streetField =
      place === MISSING
        ? fields.streetAnywhere
        : place <= PLACE_LEVEL.otherPostalCode
          ? fields.streetInSamePlace
          : fields.streetElsewhere;
    levels[streetField] = street;
    // A second line says something more where the first ones agree: each house has a second floor.
    levels[fields.secondLine] =
      street >= STREET_LEVEL.sameStreet
        ? MISSING
        : lineLevel(secondLine[one] ?? 0, secondLine[other] ?? 0);
  };
}

function placeComparison(store: RecordStore): (one: number, other: number) => number {
  const [postal, locality] = [store.column('postal'), store.column('locality')];
  const region = store.column('region');
  const texts = new TextComparer(store.table('postal'));
  const localityLevel = agreement(store.table('locality'));
  return (one, other) => {
    const [code, otherCode] = [postal[one] ?? 0, postal[other] ?? 0];
    const locals = localityLevel(locality[one] ?? 0, locality[other] ?? 0);
    const isLocal = locals === AGREEMENT.exact || locals === AGREEMENT.close;
    const hasCodes = code !== 0 && otherCode !== 0;
    if (hasCodes && code === otherCode) {
      return locals === AGREEMENT.different
        ? PLACE_LEVEL.nearPostalCode
        : PLACE_LEVEL.samePostalCode;
    }
    if (isLocal) {
      if (!hasCodes) return PLACE_LEVEL.sameLocality;
      return texts.isOneEdit(code, otherCode)
        ? PLACE_LEVEL.nearPostalCode
        : PLACE_LEVEL.otherPostalCode;
    }
    const [area, otherArea] = [region[one] ?? 0, region[other] ?? 0];
    const hasAreas = area !== 0 && otherArea !== 0;
    if (!hasCodes && locals === AGREEMENT.missing && !hasAreas) return MISSING;
    const isNear = hasCodes && texts.commonPrefix(code, otherCode, 3) === 3;
    return isNear || (hasAreas && area === otherArea)
      ? PLACE_LEVEL.sameArea
      : PLACE_LEVEL.different;
  };
}

function streetComparison(store: RecordStore): (one: number, other: number) => number {
  const [number, street] = [store.column('number'), store.column('street')];
  const secondLine = store.column('secondLine');
  const texts = new TextComparer(store.table('number'));
  const streetAgreement = agreement(store.table('street'));
  const numberAgreement = (one: number, other: number): number => {
    if (one === 0 || other === 0) return AGREEMENT.missing;
    if (one === other) return AGREEMENT.exact;
    return texts.length(one) > 1 && texts.length(other) > 1 && texts.isOneEdit(one, other)
      ? AGREEMENT.close
      : AGREEMENT.different;
  };
  return (one, other) => {
    const numbers = numberAgreement(number[one] ?? 0, number[other] ?? 0);
    const [name, otherName] = [street[one] ?? 0, street[other] ?? 0];
    let streets = streetAgreement(name, otherName);
    if (streets !== AGREEMENT.exact) {
      const areLinesSwapped =
        (name !== 0 && name === secondLine[other]) ||
        (otherName !== 0 && otherName === secondLine[one]);
      if (areLinesSwapped) streets = AGREEMENT.close;
    }
    return streetLevel(streets, numbers);
  };
}

function streetLevel(streets: number, numbers: number): number {
  switch (streets) {
    case AGREEMENT.missing:
      if (numbers === AGREEMENT.missing) return MISSING;
      return numbers === AGREEMENT.exact ? STREET_LEVEL.sameAsFarAsKnown : STREET_LEVEL.different;
    case AGREEMENT.exact:
      if (numbers === AGREEMENT.exact) return STREET_LEVEL.exact;
      if (numbers === AGREEMENT.missing) return STREET_LEVEL.sameAsFarAsKnown;
      return numbers === AGREEMENT.close ? STREET_LEVEL.near : STREET_LEVEL.sameStreet;
    case AGREEMENT.close:
      return numbers === AGREEMENT.exact ? STREET_LEVEL.near : STREET_LEVEL.sameStreet;
    default:
      return numbers === AGREEMENT.exact ? STREET_LEVEL.sameNumber : STREET_LEVEL.different;
  }
}

/** How far two texts of the table agree: the same, with a typo or less words, or not at all. */
function agreement(table: StringTable): (one: number, other: number) => number {
  const texts = new TextComparer(table);
  const wordsOf = ofEachText(table, distinctWords);
  const areApart = numberedApart(table);
  const areClose = (one: number, other: number): boolean => {
    const shorter = Math.min(texts.length(one), texts.length(other));
    const similarity = texts.jaroWinkler(one, other);
    return (
      (shorter >= 5 && similarity >= 0.92) ||
      (shorter >= 4 && texts.isOneEdit(one, other)) ||
      (shorter >= 8 && similarity >= 0.7 && texts.editDistance(one, other) <= 2) ||
      containWords(wordsOf(one), wordsOf(other))
    );
  };
  const compare = remembering(
    (one, other) =>
      areClose(one, other) && !areApart(one, other) ? AGREEMENT.close : AGREEMENT.different,
    table.size,
  );
  return (one, other) => {
    if (one === 0 || other === 0) return AGREEMENT.missing;
    return one === other ? AGREEMENT.exact : compare(one, other);
  };
}

/** Whether all distinctive words of one are in the other: `ogden` and `s ogden ave`. */
function containWords(one: readonly string[], other: readonly string[]): boolean {
  const [fewer, more] = one.length <= other.length ? [one, other] : [other, one];
  if (!fewer.some((word) => word.length >= 3)) return false;
  return fewer.every((word) => more.includes(word));
}

/** Whether two lines name streets or floors by numbers, as `19th st` and `85th st`, that no typo explains. */
function numberedApart(table: StringTable): (one: number, other: number) => boolean {
  const ordinalOf = ofEachText(table, (line) => {
    const [, digits = ''] = /\b(\d+)(?:st|nd|rd|th)\b/.exec(line) ?? [];
    const units = Uint16Array.from(digits, (digit) => digit.charCodeAt(0));
    return { units, start: 0, length: units.length };
  });
  return (one, other) => {
    const [ordinal, otherOrdinal] = [ordinalOf(one), ordinalOf(other)];
    return ordinal.length > 0 && otherOrdinal.length > 0 && !isOneEdit(ordinal, otherOrdinal);
  };
}

function distinctWords(line: string): readonly string[] {
  return line.split(' ').filter((word) => !STREET_KINDS.has(word));
}
