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

it('looks at pairs of all members before it joins two large groups', () => {
  const SIZE = 64;
  const members = Array.from({ length: 2 * SIZE }, (_, row) => row);
  const chain = members.slice(1).filter((row) => row !== SIZE);
  const columns = new Set<number>();
  clusterPairs(
    {
      first: Int32Array.from([...chain.map((row) => row - 1), 0]),
      second: Int32Array.from([...chain, SIZE]),
      weight: Float32Array.from([...chain.map(() => 9), 1]),
    },
    (one, other) => {
      if (one < SIZE === other < SIZE) return 9;
      columns.add(Math.max(one, other));
      return 9;
    },
  );
  expect(columns.size).toBeGreaterThan(SIZE / 2);
});

it('joins many records to one without going through all of them each time', () => {
  const COUNT = 40_000;
  const began = performance.now();
  const groups = clusterPairs(
    {
      first: new Int32Array(COUNT),
      second: Int32Array.from({ length: COUNT }, (_, at) => at + 1),
      weight: new Float32Array(COUNT).fill(9),
    },
    () => 9,
  );
  expect(groups.map(({ length }) => length)).toEqual([COUNT + 1]);
  // It took 40 s when each join copied the group.
  expect(performance.now() - began).toBeLessThan(8_000);
});
