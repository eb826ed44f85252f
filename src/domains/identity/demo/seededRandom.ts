/** A source of random choices that makes the same ones for the same seed. */
export interface SeededRandom {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in this share of the cases, from 0 to 1. */
  chance(share: number): boolean;
  /** Fills a pattern: `#` becomes a digit, `@` a capital letter, the rest stays. */
  fill(pattern: string): string;
}

/** Capital letters that the postal codes of Britain, Canada and the Netherlands all use. */
const LETTERS = 'ABEGHJLNPRTWXZ';

/** Creates a source of random choices from a 32-bit seed. */
export function createSeededRandom(seed: number): SeededRandom {
  const next = mulberry32(seed);
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(list: readonly T[]): T => {
    const item = list[between(0, list.length - 1)];
    if (item === undefined) throw new RangeError('There is nothing to pick from an empty list.');
    return item;
  };
  return {
    between,
    pick,
    chance: (share) => next() < share,
    fill: (pattern) =>
      pattern.replace(/[#@]/g, (sign) =>
        sign === '#' ? String(between(0, 9)) : pick([...LETTERS]),
      ),
  };
}

/** Tommy Ettinger's mulberry32, a generator of 32 bits of state, in the public domain. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
