import { type MatchedPairs, PairList } from '../matching/matchedPairs.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { LoadedRecords } from './auditedRecords.ts';
import { RowGroup } from './rowGroup.ts';

/** What clustering has come to. */
export interface ClusteredRecords {
  readonly clusterCount: number;
  /** By row, with the row itself. */
  readonly matchesOf: ReadonlyMap<number, RowGroup>;
}

/**
 * Clusters the records that are the same: by the probable matches, and by the exact ones, which need
 * no threshold, but are held against all others of a cluster as any match is: a mailbox that an office
 * shares does not make one person of it. Records that people said are not the same never meet.
 *
 * @param touched - by row, 1 where its cluster is looked at; all are where it is left out
 * @returns the clusters, and of each row in one which of its members match it themselves: the same
 *   through others is not said of two, since they may not look alike
 */
export function clusterRecords(
  matcher: Matcher,
  pairs: MatchedPairs,
  { exact, apart }: Pick<LoadedRecords, 'exact' | 'apart'>,
  touched?: Uint8Array,
): ClusteredRecords {
  const edges = new PairList();
  for (const [at, one] of pairs.first.entries()) {
    const other = pairs.second[at] ?? 0;
    if (apart.get(one)?.has(other) !== true) edges.add(one, other, pairs.weight[at] ?? 0);
  }
  for (const { rows } of exact.groups()) {
    const [one = 0, ...others] = rows;
    if (touched !== undefined && touched[one] !== 1) continue;
    for (const other of others) {
      const compared = matcher.compare(one, other);
      if (compared === null || apart.get(one)?.has(other) === true) continue;
      edges.add(one, other, compared.weight);
    }
  }
  const areApart = (group: readonly number[], otherGroup: readonly number[]): boolean => {
    if (apart.size === 0) return false;
    const [smaller, larger] =
      group.length <= otherGroup.length ? [group, otherGroup] : [otherGroup, group];
    return smaller.some((row) => {
      const others = apart.get(row);
      return others !== undefined && larger.some((other) => others.has(other));
    });
  };
  const clusters = matcher.cluster(edges.pairs(), areApart);
  return { clusterCount: clusters.length, matchesOf: matchesWithin(clusters, pairs, apart) };
}

function matchesWithin(
  clusters: readonly (readonly number[])[],
  { first, second }: MatchedPairs,
  apart: LoadedRecords['apart'],
): ReadonlyMap<number, RowGroup> {
  const clusterOf = new Map<number, number>();
  for (const [cluster, rows] of clusters.entries()) {
    for (const row of rows) clusterOf.set(row, cluster);
  }
  const matches = new Map<number, number[]>();
  const add = (row: number, other: number): void => {
    const others = matches.get(row);
    if (others === undefined) matches.set(row, [row, other]);
    else others.push(other);
  };
  for (const [at, one] of first.entries()) {
    const other = second[at] ?? 0;
    const cluster = clusterOf.get(one);
    if (cluster === undefined || cluster !== clusterOf.get(other)) continue;
    if (apart.get(one)?.has(other) === true) continue;
    add(one, other);
    add(other, one);
  }
  return new Map(
    [...matches].map(([row, rows]) => [row, new RowGroup(rows.sort((a, b) => a - b))]),
  );
}
