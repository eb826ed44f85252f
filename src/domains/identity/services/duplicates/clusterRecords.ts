import { type MatchedPairs, PairList } from '../matching/matchedPairs.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { LoadedRecords } from './auditedRecords.ts';
import { RowGroup } from './rowGroup.ts';

/**
 * Clusters the records that are the same: by the probable matches, and by the exact ones, which need
 * no threshold, but are held against all others of a cluster as any match is: a mailbox that an office
 * shares does not make one person of it. Records that people said are not the same never meet.
 *
 * @returns the cluster of each row that is in one
 */
export function clusterRecords(
  matcher: Matcher,
  pairs: MatchedPairs,
  { exact, apart }: Pick<LoadedRecords, 'exact' | 'apart'>,
): ReadonlyMap<number, RowGroup> {
  const edges = new PairList();
  for (const [at, one] of pairs.first.entries()) {
    const other = pairs.second[at] ?? 0;
    if (apart.get(one)?.has(other) !== true) edges.add(one, other, pairs.weight[at] ?? 0);
  }
  for (const { rows } of exact.groups()) {
    const [one = 0, ...others] = rows;
    for (const other of others) {
      const compared = matcher.compare(one, other);
      if (compared === null || apart.get(one)?.has(other) === true) continue;
      edges.add(one, other, compared.weight);
    }
  }
  const areApart = (group: readonly number[], otherGroup: readonly number[]): boolean =>
    apart.size > 0 &&
    group.some((row) => {
      const others = apart.get(row);
      return others !== undefined && otherGroup.some((other) => others.has(other));
    });
  const clusters = new Map<number, RowGroup>();
  for (const rows of matcher.cluster(edges.pairs(), areApart)) {
    const cluster = new RowGroup(rows);
    for (const row of rows) clusters.set(row, cluster);
  }
  return clusters;
}
