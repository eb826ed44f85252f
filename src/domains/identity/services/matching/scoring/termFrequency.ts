import type { Column, RecordStore } from '../recordStore.ts';

/** So many records' worth of the average frequency is added to what is counted of a value. */
const SMOOTHING = 1_000;

/**
 * By number of a value, how many bits more than the average agreement says an agreement on it:
 * log2(u / frequency), after Winkler (2000), Frequency-Based Matching in Fellegi-Sunter Model of
 * Record Linkage, as Splink has it (Linacre et al. 2022). The two records that agree are not
 * counted, so that in a small workspace a duplicate does not make its own values common.
 *
 * @param columns where the values are counted: of one table
 * @param unrelated how likely unrelated pairs agree on the column
 * @param rarest no value counts as rarer
 */
export function frequencyBits(
  store: RecordStore,
  rows: Int32Array,
  columns: readonly Column[],
  { unrelated, rarest }: { readonly unrelated: number; readonly rarest: number },
): Float32Array {
  const counts = countValues(
    columns.map((column) => store.column(column)),
    rows,
  );
  let present = 0;
  for (let id = 1; id < counts.length; id += 1) present += counts[id] ?? 0;
  const bits = new Float32Array(counts.length);
  for (let id = 1; id < counts.length; id += 1) {
    const others = Math.max(0, (counts[id] ?? 0) - 2);
    const frequency = (others + SMOOTHING * unrelated) / (present + SMOOTHING);
    bits[id] = Math.log2(unrelated / Math.max(rarest, frequency));
  }
  return bits;
}

function countValues(columns: readonly Int32Array[], rows: Int32Array): Uint32Array {
  let most = 0;
  for (const values of columns) {
    for (const row of rows) most = Math.max(most, values[row] ?? 0);
  }
  const counts = new Uint32Array(most + 1);
  for (const values of columns) {
    for (const row of rows) {
      const id = values[row] ?? 0;
      counts[id] = (counts[id] ?? 0) + 1;
    }
  }
  return counts;
}
