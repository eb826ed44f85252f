import { createRandomRows } from './estimate/random.ts';
import type { MatchedPairs } from './matchedPairs.ts';
import { probabilityOf } from './scoring/probability.ts';

/** Two groups are joined if their pairs are, on the average, at least so likely the same. */
const LEAST_AVERAGE = 0.5;

/** Of the pairs between two groups, so many are looked at. */
const MOST_PAIRS = 128;

const SEED = 20_261_123;

/** Whether two groups must not be joined, whatever their matches say. */
export type AreApart = (group: readonly number[], otherGroup: readonly number[]) => boolean;

/**
 * Groups rows by their matches, the surest first, and those that are as sure in the order of their
 * rows, so that what is found does not depend on how it was looked for. Two groups are joined only if the pairs between
 * them, all of them and not just the match at hand, have an average probability of a half or more
 * (average linkage: Sokal and Michener 1958). So a chain of matches does not join what is far
 * apart, as connected components would.
 *
 * @returns groups of two and more rows, each in ascending order
 */
export function clusterPairs(
  { first, second, weight }: MatchedPairs,
  weigh: (one: number, other: number) => number,
  areApart: AreApart = () => false,
): readonly (readonly number[])[] {
  const groupOf = new Map<number, number[]>();
  const surestFirst = Int32Array.from(weight.keys()).sort(
    (one, other) =>
      (weight[other] ?? 0) - (weight[one] ?? 0) ||
      (first[one] ?? 0) - (first[other] ?? 0) ||
      (second[one] ?? 0) - (second[other] ?? 0),
  );
  for (const pair of surestFirst) {
    const [one, other] = [first[pair] ?? 0, second[pair] ?? 0];
    const group = groupOf.get(one) ?? [one];
    const otherGroup = groupOf.get(other) ?? [other];
    if (group === otherGroup || areApart(group, otherGroup)) continue;
    if (averageProbability(group, otherGroup, weigh) < LEAST_AVERAGE) continue;
    // The smaller one moves: so no row moves more often than log2 of their number.
    const [larger, smaller] =
      group.length >= otherGroup.length ? [group, otherGroup] : [otherGroup, group];
    groupOf.set(larger[0] ?? 0, larger);
    for (const row of smaller) {
      larger.push(row);
      groupOf.set(row, larger);
    }
  }
  return [...new Set(groupOf.values())].map((group) => group.toSorted((a, b) => a - b));
}

function averageProbability(
  group: readonly number[],
  otherGroup: readonly number[],
  weigh: (one: number, other: number) => number,
): number {
  const pairs = group.length * otherGroup.length;
  const random = createRandomRows(SEED);
  const looked = Math.min(pairs, MOST_PAIRS);
  let sum = 0;
  for (let at = 0; at < looked; at += 1) {
    const pair = looked === pairs ? at : random(pairs);
    const one = group[Math.floor(pair / otherGroup.length)] ?? 0;
    sum += probabilityOf(weigh(one, otherGroup[pair % otherGroup.length] ?? 0));
  }
  return sum / looked;
}
