import { describe, expect, it } from 'vitest';
import {
  groupRows,
  LARGEST_BLOCK,
} from '../../../../../src/domains/identity/services/matching/blocking/blocks.ts';
import { visitCandidates } from '../../../../../src/domains/identity/services/matching/blocking/candidates.ts';
import type { BlockingRule } from '../../../../../src/domains/identity/services/matching/schema/populationSchema.ts';

const COUNT = 3 * LARGEST_BLOCK;
const rows = Int32Array.from({ length: COUNT }, (_, row) => row);

const rule = (key: string, ...keys: BlockingRule['keys']): BlockingRule => ({
  key,
  fields: [],
  keys,
});

/** The pairs of some rules, as `row-row`, each as often as it is visited. */
function pairsOf(...rules: readonly BlockingRule[]): readonly string[] {
  const keys = new Uint32Array(COUNT * rules.length);
  const keyOf = new Uint32Array(COUNT);
  const blocks = rules.map((each, at) => {
    const grouped = groupRows(each, rows, keyOf);
    for (const row of rows) keys[row * rules.length + at] = keyOf[row] ?? 0;
    return grouped;
  });
  const pairs: string[] = [];
  visitCandidates({ rules: blocks, keys }, (one, other) => pairs.push(`${one}-${other}`));
  return pairs;
}

it('brings together the rows that share a key, and none without one', () => {
  const thirds = rule('thirds', (row) => (row < 3 ? 7 : row < 6 ? 8 : 0));
  expect(pairsOf(thirds).toSorted()).toEqual(['0-1', '0-2', '1-2', '3-4', '3-5', '4-5']);
});

it('visits a pair once, however many keys it shares', () => {
  const first = rule('first', (row) => (row < 4 ? 1 : 0));
  const second = rule('second', (row) => (row < 5 ? 1 : 0));
  const pairs = pairsOf(first, second);
  expect(pairs).toHaveLength(10);
  expect(new Set(pairs).size).toBe(10);
});

describe('a block that is too large', () => {
  const all = () => 1;

  it('is split by the next key', () => {
    const split = rule('split', all, (row) => 1 + (row % (COUNT / 2)));
    expect(pairsOf(split)).toHaveLength(COUNT / 2);
  });

  it('is counted where there is no further key', () => {
    const grouped = groupRows(rule('large', all), rows, new Uint32Array(COUNT));
    expect(grouped.uncompared).toEqual({
      key: 'large',
      blocks: 1,
      rows: COUNT,
      pairs: (COUNT * (COUNT - 1)) / 2,
    });
  });

  it('is split into those with and those without a next key', () => {
    const half = COUNT / 6;
    const split = rule('split', all, (row) => (row < half ? 0 : 1 + row));
    expect(pairsOf(split)).toHaveLength((half * (half - 1)) / 2);
  });

  it('is counted with the pairs that the next key separates', () => {
    const split = rule('split', all, (row) => 1 + (row % (COUNT / 2)));
    const { uncompared } = groupRows(split, rows, new Uint32Array(COUNT));
    const pairs = (COUNT * (COUNT - 1)) / 2 - COUNT / 2;
    expect(uncompared).toEqual({ key: 'split', blocks: 1, rows: COUNT, pairs });
  });

  it('is counted where too many have no next key', () => {
    const split = rule('split', all, () => 0);
    expect(groupRows(split, rows, new Uint32Array(COUNT)).uncompared?.rows).toBe(COUNT);
  });

  it('is not counted where the key is one of those that only small populations have', () => {
    const coarse = { ...rule('coarse', all), isCoarse: true };
    expect(groupRows(coarse, rows, new Uint32Array(COUNT)).uncompared).toBeNull();
  });

  it('leaves its pairs to the other keys', () => {
    const few = rule('few', (row) => (row < 2 ? 1 : 0));
    expect(pairsOf(rule('large', all), few)).toEqual(['0-1']);
  });
});
