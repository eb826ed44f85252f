import { commonPrefix, editDistance, isOneEdit, jaroWinkler } from '../similarity.ts';
import type { StringTable } from '../stringTable.ts';

/** Compares texts of one table by their numbers, without making strings of them. */
export class TextComparer {
  readonly units: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #one: { units: Uint16Array; start: number; length: number };
  readonly #other: { units: Uint16Array; start: number; length: number };

  /** The table must not be added to any more. */
  constructor(table: StringTable) {
    this.units = table.units;
    this.#starts = table.starts;
    this.#one = { units: this.units, start: 0, length: 0 };
    this.#other = { units: this.units, start: 0, length: 0 };
  }

  length(id: number): number {
    return (this.#starts[id + 1] ?? 0) - (this.#starts[id] ?? 0);
  }

  /** A code unit of a text; those before the first are counted from the end. */
  unitAt(id: number, index: number): number {
    const base = index < 0 ? this.#starts[id + 1] : this.#starts[id];
    return this.units[(base ?? 0) + index] ?? 0;
  }

  jaroWinkler(one: number, other: number): number {
    this.#aim(one, other);
    return jaroWinkler(this.#one, this.#other);
  }

  isOneEdit(one: number, other: number): boolean {
    this.#aim(one, other);
    return isOneEdit(this.#one, this.#other);
  }

  editDistance(one: number, other: number): number {
    this.#aim(one, other);
    return editDistance(this.#one, this.#other);
  }

  commonPrefix(one: number, other: number, most: number): number {
    this.#aim(one, other);
    return commonPrefix(this.#one, this.#other, most);
  }

  #aim(one: number, other: number): void {
    this.#one.start = this.#starts[one] ?? 0;
    this.#one.length = this.length(one);
    this.#other.start = this.#starts[other] ?? 0;
    this.#other.length = this.length(other);
  }
}

/** Works out something of each text once, when it is first asked for. */
export function ofEachText<T>(
  table: StringTable,
  property: (text: string) => T,
): (id: number) => T {
  const known: T[] = [];
  return (id) => {
    const before = known[id];
    if (before !== undefined) return before;
    const worked = property(table.text(id));
    known[id] = worked;
    return worked;
  };
}

/**
 * Remembers what a symmetrical comparison of two different texts came to, since names and streets
 * repeat: a table of fixed size in which a newer pair takes the place of an older one.
 */
export function remembering(
  compare: (one: number, other: number) => number,
  texts: number,
): (one: number, other: number) => number {
  const bits = Math.min(20, Math.max(12, 32 - Math.clz32(texts) + 6));
  const pairs = new Int32Array(2 << bits);
  const results = new Uint8Array(1 << bits);
  return (one, other) => {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    const slot = Math.imul(Math.imul(low, 0x9e3779b1) ^ high, 0x85ebca6b) >>> (32 - bits);
    if (pairs[2 * slot] === low && pairs[2 * slot + 1] === high) return results[slot] ?? 0;
    const result = compare(low, high);
    pairs[2 * slot] = low;
    pairs[2 * slot + 1] = high;
    results[slot] = result;
    return result;
  };
}
