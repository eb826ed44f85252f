const RADIX_BITS = 11;
const BUCKETS = 1 << RADIX_BITS;

/** Sorts rows by their 32-bit keys in place, those with equal keys in their order (radix sort). */
export function sortRowsByKey(rows: Int32Array, keyOf: Uint32Array): void {
  let from: Int32Array = rows;
  let to: Int32Array = new Int32Array(rows.length);
  const ends = new Uint32Array(BUCKETS);
  for (let shift = 0; shift < 32; shift += RADIX_BITS) {
    ends.fill(0);
    for (let at = 0; at < from.length; at += 1) {
      const bucket = ((keyOf[from[at] ?? 0] ?? 0) >>> shift) & (BUCKETS - 1);
      ends[bucket] = (ends[bucket] ?? 0) + 1;
    }
    let start = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const count = ends[bucket] ?? 0;
      ends[bucket] = start;
      start += count;
    }
    for (let at = 0; at < from.length; at += 1) {
      const row = from[at] ?? 0;
      const bucket = ((keyOf[row] ?? 0) >>> shift) & (BUCKETS - 1);
      const place = ends[bucket] ?? 0;
      to[place] = row;
      ends[bucket] = place + 1;
    }
    [from, to] = [to, from];
  }
  if (from !== rows) rows.set(from);
}
