import { PairList } from '../matching/matchedPairs.ts';
import type { Matcher, Matches } from '../matching/matcher.ts';
import type { LoadedRecords } from './auditedRecords.ts';
import type { RowGroup } from './rowGroup.ts';

/** What some records match, what these match, and so on. */
export interface ReachedMatches {
  /** All matches of the records that are reached. */
  readonly matches: Matches;
  /** By row, 1 where it is reached. */
  readonly touched: Uint8Array;
}

/**
 * Follows the matches of some records, probable and exact ones, to all that hang together with them.
 * Whom a record is clustered with depends on nothing else.
 *
 * @param threshold - the least probability of a match, from 0 to 1
 * @param rows - where to begin
 */
export function matchesReached(
  matcher: Matcher,
  { records, exact }: Pick<LoadedRecords, 'records' | 'exact'>,
  threshold: number,
  rows: Iterable<number>,
): ReachedMatches {
  const { size } = records.store;
  const found = new PairList();
  const touched = new Uint8Array(size);
  const followed = new Set<RowGroup>();
  let open = new Uint8Array(size);
  for (const row of rows) open[row] = 1;
  for (let comparisons = 0; ; ) {
    const { pairs, ...round } = matcher.findMatches({ threshold, changed: open });
    comparisons += round.comparisons;
    const next = new Uint8Array(size);
    let hasNext = false;
    const reach = (row: number): void => {
      if (touched[row] === 1 || open[row] === 1) return;
      next[row] = 1;
      hasNext = true;
    };
    for (const [at, one] of pairs.first.entries()) {
      const other = pairs.second[at] ?? 0;
      // It was found from there.
      if (touched[one] === 1 || touched[other] === 1) continue;
      found.add(one, other, pairs.weight[at] ?? 0);
      reach(one);
      reach(other);
    }
    for (const [row, isOpen] of open.entries()) {
      if (isOpen === 0) continue;
      for (const { group } of exact.of(row)) {
        if (followed.has(group)) continue;
        followed.add(group);
        group.rows.forEach(reach);
      }
    }
    for (const [row, isOpen] of open.entries()) {
      if (isOpen === 1) touched[row] = 1;
    }
    if (!hasNext) return { matches: { ...round, pairs: found.pairs(), comparisons }, touched };
    open = next;
  }
}
