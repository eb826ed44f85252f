import { blockRows, rowsOf } from '../src/domains/identity/services/matching/blocking/blocking.ts';
import type { MatchedPairs } from '../src/domains/identity/services/matching/matchedPairs.ts';
import { createMatcher, type Matcher } from '../src/domains/identity/services/matching/matcher.ts';
import { RecordStore } from '../src/domains/identity/services/matching/recordStore.ts';
import { SCHEMAS } from '../src/domains/identity/services/matching/schema/schemas.ts';
import { oddsBits } from '../src/domains/identity/services/matching/scoring/probability.ts';
import { Scorer } from '../src/domains/identity/services/matching/scoring/scorer.ts';
import { generateContacts } from './duplicateGenerator.ts';
import { duplicatesFloor } from './duplicatesFloor.ts';
import type { BenchResult } from './result.ts';

const THRESHOLDS = [0.1, 0.5, 0.9, 0.99] as const;
const DEFAULT = 0.5;

/**
 * Finds the planted duplicates among people, and says how many of them, and how many others. Beside
 * it DuckDB compares the same candidate pairs by the same comparisons and weights, in SQL.
 */
export async function benchDuplicates(entities: number): Promise<BenchResult> {
  const store = new RecordStore('contact');
  const people = new Int32Array(entities + 100);
  let adding = 0;
  for (const { person, fields } of generateContacts(entities)) {
    const began = performance.now();
    people[store.add(fields)] = person;
    adding += performance.now() - began;
  }
  const [matcher, estimating] = timed(() => createMatcher(store));
  const rows = rowsOf(store, 'person');
  const [blocking, grouping] = timed(() => blockRows(store, 'person', rows));
  const [matches, comparing] = timed(() => matcher.findMatches({ threshold: DEFAULT }));
  const [groups, clustering] = timed(() => matcher.cluster(matches.pairs));
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  const floor = await duplicatesFloor(
    { store, rows, blocking, scorer: scorerOf(store, rows, matcher) },
    oddsBits(DEFAULT),
  );
  return {
    name: 'duplicates',
    entities: store.size,
    seconds: grouping + comparing,
    floorSeconds: floor.seconds,
    ratio: (grouping + comparing) / floor.seconds,
    peakRssMb,
    comparisons: matches.comparisons,
    uncomparedPairs: matches.uncompared.reduce((sum, { pairs }) => sum + pairs, 0),
    matches: matches.pairs.first.length,
    floorMatches: floor.matches,
    addSeconds: adding / 1_000,
    estimateSeconds: estimating,
    clusterSeconds: clustering,
    clusters: groups.length,
    ...quality(matcher, people.subarray(0, store.size)),
  };
}

function timed<T>(act: () => T): readonly [T, number] {
  const began = performance.now();
  const result = act();
  return [result, (performance.now() - began) / 1_000];
}

function scorerOf(store: RecordStore, rows: Int32Array, { model }: Matcher): Scorer {
  const schema = SCHEMAS.person;
  const person = model.populations.person;
  if (person === undefined) throw new Error('The benchmark has no people.');
  return new Scorer(store, rows, schema.comparators(store), schema, person);
}

/** Precision, recall and F1 by threshold, over pairs of records. */
function quality(matcher: Matcher, people: Int32Array): Readonly<Record<string, number>> {
  const [lowest] = THRESHOLDS;
  const { pairs } = matcher.findMatches({ threshold: lowest });
  const planted = countPlanted(people);
  const figures: Record<string, number> = { planted };
  for (const threshold of THRESHOLDS) {
    const { right, wrong } = count(pairs, people, oddsBits(threshold));
    const [precision, recall] = [right / (right + wrong), right / planted];
    figures[`precision ${threshold}`] = precision;
    figures[`recall ${threshold}`] = recall;
    figures[`f1 ${threshold}`] = (2 * precision * recall) / (precision + recall);
  }
  return figures;
}

function count(
  { first, second, weight }: MatchedPairs,
  people: Int32Array,
  least: number,
): { readonly right: number; readonly wrong: number } {
  let [right, wrong] = [0, 0];
  for (let pair = 0; pair < first.length; pair += 1) {
    if ((weight[pair] ?? 0) < least) continue;
    if (people[first[pair] ?? 0] === people[second[pair] ?? 0]) right += 1;
    else wrong += 1;
  }
  return { right, wrong };
}

/** Records of one person stand together, so a run of n has n(n-1)/2 pairs. */
function countPlanted(people: Int32Array): number {
  let [pairs, run] = [0, 0];
  for (let row = 1; row < people.length; row += 1) {
    run = people[row] === people[row - 1] ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}
