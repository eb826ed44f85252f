import type { BlockingRule } from '../schema/populationSchema.ts';
import { mix } from './keys.ts';
import { sortRowsByKey } from './sortRows.ts';

/** Blocks with more rows than this are split by the rule's next key, those without one as one more part. */
export const LARGEST_BLOCK = 60;

/**
 * Blocks that are too large: their rule does not compare the pairs that the next keys separate, nor
 * those that are together in too large a part when it has no further key.
 */
export interface Uncompared {
  readonly key: string;
  readonly blocks: number;
  /** How many rows are in these blocks. */
  readonly rows: number;
  /** At most so many pairs: some of them are compared by another key. */
  readonly pairs: number;
}

/** Stands for a missing value where a block is split. */
const WITHOUT_KEY = 0x3c6ef372;

/** The records of a population, grouped by one rule. */
export interface RuleBlocks {
  readonly rule: BlockingRule;
  /** The rows of all blocks of two and more, one block after the other. */
  readonly rows: Int32Array;
  /** Where each block begins in `rows`, and at last where they end. */
  readonly starts: Int32Array;
  /** How many pairs are in all blocks. */
  readonly pairs: number;
  /** Null where nothing was left out, or only by a coarse rule. */
  readonly uncompared: Uncompared | null;
}

/**
 * Groups rows by a rule; blocks are the rows with the same 32-bit key.
 *
 * @param keyOf gets the key of each row's block; 0 for rows that are in none
 */
export function groupRows(rule: BlockingRule, rows: Int32Array, keyOf: Uint32Array): RuleBlocks {
  keyOf.fill(0);
  const grouped: number[] = [];
  const out = new Int32Array(rows.length);
  let [filled, pairs] = [0, 0];
  const uncompared = { key: rule.key, blocks: 0, rows: 0, pairs: 0 };
  let open = rows;
  for (const [depth, key] of rule.keys.entries()) {
    open = open.filter((row) => {
      const value = key(row);
      const isInBlock = depth > 0 || value !== 0;
      keyOf[row] = isInBlock ? mix(depth === 0 ? 1 : (keyOf[row] ?? 0), value || WITHOUT_KEY) : 0;
      return isInBlock;
    });
    sortRowsByKey(open, keyOf);
    let larger = 0;
    for (const [start, end] of runs(open, keyOf)) {
      const length = end - start;
      const together = (length * (length - 1)) / 2;
      if (length > LARGEST_BLOCK) {
        if (depth === 0) {
          uncompared.blocks += 1;
          uncompared.rows += length;
          uncompared.pairs += together;
        }
        open.copyWithin(larger, start, end);
        larger += length;
      } else if (length > 1) {
        grouped.push(filled);
        out.set(open.subarray(start, end), filled);
        filled += length;
        pairs += together;
        if (depth > 0) uncompared.pairs -= together;
      }
    }
    open = open.subarray(0, larger);
  }
  for (const row of open) keyOf[row] = 0;
  grouped.push(filled);
  return {
    rule,
    rows: out.slice(0, filled),
    starts: Int32Array.from(grouped),
    pairs,
    uncompared: uncompared.pairs === 0 || rule.isCoarse === true ? null : uncompared,
  };
}

/** Runs of rows with the same key; the caller may overwrite what is behind it. */
function* runs(rows: Int32Array, keyOf: Uint32Array): Generator<readonly [number, number]> {
  let start = 0;
  while (start < rows.length) {
    const key = keyOf[rows[start] ?? 0];
    let end = start + 1;
    while (end < rows.length && keyOf[rows[end] ?? 0] === key) end += 1;
    yield [start, end];
    start = end;
  }
}
