import { doubleMetaphone } from 'double-metaphone';
import type { Column, RecordStore } from '../recordStore.ts';
import type { BlockingKey } from '../schema/populationSchema.ts';

/** Joins keys: 0 as soon as one of them is missing. */
export function allOf(...keys: readonly BlockingKey[]): BlockingKey {
  return (row) => {
    let hash = 0x2545f491;
    for (const key of keys) {
      const value = key(row);
      if (value === 0) return 0;
      hash = mix(hash, value);
    }
    return hash;
  };
}

/** Joins two keys whichever comes first, so that swapped values meet. */
export function bothOf(one: BlockingKey, other: BlockingKey): BlockingKey {
  return (row) => {
    const [value, otherValue] = [one(row), other(row)];
    if (value === 0 || otherValue === 0) return 0;
    return mix(Math.min(value, otherValue), Math.max(value, otherValue));
  };
}

/** A number that is hardly ever the same for other pairs of numbers, and never 0. */
export function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ Math.imul(value, 0xcc9e2d51), 0x1b873593);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0 || 1;
}

/** The value of a column as it is. */
export function columnKey(store: RecordStore, column: Column): BlockingKey {
  const values = store.column(column);
  return (row) => values[row] ?? 0;
}

/** A property of the text of a column, worked out once for each text. */
export function propertyOf(
  store: RecordStore,
  column: Column,
  property: (text: string) => number,
): BlockingKey {
  const values = store.column(column);
  const table = store.table(column);
  const known = new Float64Array(table.size).fill(-1);
  return (row) => {
    const id = values[row] ?? 0;
    if (id === 0) return 0;
    const before = known[id] ?? -1;
    if (before >= 0) return before;
    const worked = property(table.text(id));
    known[id] = worked;
    return worked;
  };
}

/** Some 200 m from north to south. */
const SQUARE_DEGREES = 0.002;

/** The square on the map that a position is in; the squares may be shifted, by a share of their side. */
export function squareOf({ latitudes, longitudes }: RecordStore, shift: number): BlockingKey {
  const place = (degrees: number): number => Math.floor(degrees / SQUARE_DEGREES + shift);
  return (row) => {
    const [north, east] = [
      place(latitudes[row] ?? Number.NaN),
      place(longitudes[row] ?? Number.NaN),
    ];
    return Number.isNaN(north) || Number.isNaN(east) ? 0 : mix(mix(1, north), east);
  };
}

/** How the first word of a name sounds, by Philips' (2000) Double Metaphone; other scripts as written. */
export function sound(text: string): number {
  const space = text.indexOf(' ');
  const word = space < 0 ? text : text.slice(0, space);
  return hashOf(doubleMetaphone(word)[0] || word);
}

/** The first letters of a text. */
export function firstLetters(count: number): (text: string) => number {
  return (text) => hashOf(text.slice(0, count));
}

/** A text by its 32-bit hash. */
export function hashOf(text: string): number {
  let hash = 17;
  for (let index = 0; index < text.length; index += 1) hash = mix(hash, text.charCodeAt(index));
  return hash;
}
