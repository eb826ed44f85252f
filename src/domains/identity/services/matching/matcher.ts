import { type Blocking, blockRows, rowsOf } from './blocking/blocking.ts';
import type { Uncompared } from './blocking/blocks.ts';
import { visitCandidates } from './blocking/candidates.ts';
import { type AreApart, clusterPairs } from './clusters.ts';
import { estimatePopulation } from './estimate/estimatePopulation.ts';
import { explainPair, type PairExplanation } from './explain.ts';
import { type MatchedPairs, PairList } from './matchedPairs.ts';
import { MATCH_MODEL_VERSION, type MatchModel } from './model.ts';
import { POPULATIONS, type Population, type RecordStore } from './recordStore.ts';
import { SCHEMAS } from './schema/schemas.ts';
import { oddsBits, probabilityOf } from './scoring/probability.ts';
import { Scorer } from './scoring/scorer.ts';

/** Pairs that are more likely the same than not are matches, unless another threshold is asked for. */
export const DEFAULT_THRESHOLD = 0.5;

export interface MatchOptions {
  /** The least probability of a match, from 0 to 1. */
  readonly threshold?: number;
  /** By row, 1 where it is new or changed: only pairs with such a row are compared. */
  readonly changed?: Uint8Array;
  /** Whether pairs of two changed rows are left out. */
  readonly acrossOnly?: boolean;
}

export interface Matches {
  readonly pairs: MatchedPairs;
  /** How many pairs were compared. */
  readonly comparisons: number;
  /** What was not compared, since too many records share a key. */
  readonly uncompared: readonly (Uncompared & { readonly population: Population })[];
}

/** Finds the pairs of records that are the same. It takes the processor for as long as it needs. */
export interface Matcher {
  readonly model: MatchModel;
  /** The weight is log2 of the odds that the pair is the same; null for rows of two populations. */
  compare(one: number, other: number): { weight: number; probability: number } | null;
  /** What the weight of a pair is made of; null for rows of two populations. */
  explain(one: number, other: number): PairExplanation | null;
  findMatches(options?: MatchOptions): Matches;
  /** Groups of rows that are the same, by their matches; see {@link clusterPairs}. */
  cluster(pairs: MatchedPairs, areApart?: AreApart): readonly (readonly number[])[];
}

interface PopulationMatcher {
  readonly population: Population;
  readonly blocking: Blocking;
  readonly scorer: Scorer;
}

/**
 * Prepares the records of a store for matching; nothing may be added to it any more.
 *
 * @param model one that was estimated before; without it, it is estimated on these records
 */
export function createMatcher(store: RecordStore, model?: MatchModel): Matcher {
  if (model !== undefined && model.type !== store.type) {
    throw new RangeError(`A model of ${model.type}s can't match ${store.type}s.`);
  }
  const matchers = POPULATIONS.flatMap((population) => prepare(store, population, model) ?? []);
  const scorerOf = (one: number, other: number): Scorer | null => {
    const population = store.populationOf(one);
    if (population !== store.populationOf(other)) return null;
    return matchers.find((matcher) => matcher.population === population)?.scorer ?? null;
  };
  const weigh = (one: number, other: number): number =>
    scorerOf(one, other)?.weigh(one, other) ?? Number.NEGATIVE_INFINITY;
  return {
    model: {
      version: MATCH_MODEL_VERSION,
      type: store.type,
      populations: Object.fromEntries(
        matchers.map(({ population, scorer }) => [population, scorer.model]),
      ),
    },
    compare(one, other) {
      const weight = scorerOf(one, other)?.weigh(one, other);
      return weight === undefined ? null : { weight, probability: probabilityOf(weight) };
    },
    explain(one, other) {
      const scorer = scorerOf(one, other);
      return scorer === null ? null : explainPair(store, scorer, one, other);
    },
    findMatches: (options) => findMatches(matchers, options),
    cluster: (pairs, areApart) => clusterPairs(pairs, weigh, areApart),
  };
}

function prepare(
  store: RecordStore,
  population: Population,
  model: MatchModel | undefined,
): PopulationMatcher | null {
  const rows = rowsOf(store, population);
  if (rows.length === 0) return null;
  const schema = SCHEMAS[population];
  const comparators = schema.comparators(store);
  const blocking = blockRows(store, population, rows);
  const populationModel =
    model?.populations[population] ??
    estimatePopulation(store, rows, schema, comparators, blocking);
  const scorer = new Scorer(store, rows, comparators, schema, populationModel);
  return { population, blocking, scorer };
}

function findMatches(
  matchers: readonly PopulationMatcher[],
  { threshold = DEFAULT_THRESHOLD, ...filter }: MatchOptions = {},
): Matches {
  const least = oddsBits(threshold);
  const found = new PairList();
  let comparisons = 0;
  for (const { blocking, scorer } of matchers) {
    visitCandidates(
      blocking,
      (one, other) => {
        comparisons += 1;
        const weight = scorer.weigh(one, other, least);
        if (weight >= least) found.add(one, other, weight);
      },
      filter,
    );
  }
  return {
    pairs: found.pairs(),
    comparisons,
    uncompared: matchers.flatMap(({ population, blocking }) =>
      blocking.rules.flatMap(({ uncompared }) =>
        uncompared === null ? [] : { ...uncompared, population },
      ),
    ),
  };
}
