/** Whole numbers from 0 to less than `limit`, the same ones for the same seed (xorshift32: Marsaglia 2003). */
export function createRandomRows(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 0x1_0000_0000) * limit);
  };
}
