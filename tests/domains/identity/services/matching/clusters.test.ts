import { expect, it } from 'vitest';
import { clusterPairs } from '../../../../../src/domains/identity/services/matching/clusters.ts';

/** Groups by weights in bits; pairs that have none are surely not the same. */
function cluster(weights: Readonly<Record<string, number>>): readonly (readonly number[])[] {
  const pairs = Object.entries(weights).map(
    ([pair, weight]) => [...pair.split('-').map(Number), weight] as const,
  );
  const column = (at: number) => pairs.map((pair) => pair[at] ?? 0);
  return clusterPairs(
    {
      first: Int32Array.from(column(0)),
      second: Int32Array.from(column(1)),
      weight: Float32Array.from(column(2)),
    },
    (one, other) => weights[`${Math.min(one, other)}-${Math.max(one, other)}`] ?? -20,
  );
}

it('joins all that match each other', () => {
  expect(cluster({ '0-1': 9, '1-2': 8, '0-2': 7, '4-5': 9 })).toEqual([
    [0, 1, 2],
    [4, 5],
  ]);
});

it('joins what one pair does not show, when the others do', () => {
  expect(cluster({ '0-1': 9, '1-2': 8, '0-2': 0.5 })).toEqual([[0, 1, 2]]);
});

it('does not join the ends of a chain that are far apart', () => {
  expect(cluster({ '0-1': 9, '1-2': 4, '2-3': 8 })).toEqual([
    [0, 1],
    [2, 3],
  ]);
});
