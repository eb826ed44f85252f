import type { Blocking } from './blocking.ts';

/** Which of the pairs are wanted. */
export interface CandidateFilter {
  /** By row, 1 where it is new or changed: only pairs with such a row. All where it is left out. */
  readonly changed?: Uint8Array;
  /** Whether pairs of two changed rows are left out. */
  readonly acrossOnly?: boolean;
  /** Whether the pairs of a block are wanted; all where it is left out. */
  readonly takesBlock?: (key: number) => boolean;
}

/**
 * Visits each pair of rows that share a block, once: a pair is visited by the first rule that
 * brings it together, as Splink does it (Linacre et al. 2022), so that no set of pairs is kept.
 */
export function visitCandidates(
  { rules, keys }: Blocking,
  visit: (one: number, other: number) => void,
  { changed, acrossOnly = false, takesBlock }: CandidateFilter = {},
): void {
  const width = rules.length;
  for (const [at, { rows, starts }] of rules.entries()) {
    for (let block = 0; block + 1 < starts.length; block += 1) {
      const [start, end] = [starts[block] ?? 0, starts[block + 1] ?? 0];
      const key = keys[(rows[start] ?? 0) * width + at] ?? 0;
      if (takesBlock !== undefined && !takesBlock(key)) continue;
      if (changed !== undefined && !hasChanged(rows, start, end, changed)) continue;
      for (let first = start; first < end; first += 1) {
        const one = rows[first] ?? 0;
        const isChanged = changed?.[one] === 1;
        for (let second = first + 1; second < end; second += 1) {
          const other = rows[second] ?? 0;
          if (changed !== undefined) {
            const isOtherChanged = changed[other] === 1;
            if (acrossOnly ? isChanged === isOtherChanged : !isChanged && !isOtherChanged) continue;
          }
          if (!haveMet(keys, one * width, other * width, at)) visit(one, other);
        }
      }
    }
  }
}

function haveMet(keys: Uint32Array, one: number, other: number, rules: number): boolean {
  for (let rule = 0; rule < rules; rule += 1) {
    const key = keys[one + rule] ?? 0;
    if (key !== 0 && key === keys[other + rule]) return true;
  }
  return false;
}

/** Of the blocks of a large population few have a changed row: the pairs of the others are not gone through. */
function hasChanged(rows: Int32Array, start: number, end: number, changed: Uint8Array): boolean {
  for (let at = start; at < end; at += 1) {
    if (changed[rows[at] ?? 0] === 1) return true;
  }
  return false;
}
