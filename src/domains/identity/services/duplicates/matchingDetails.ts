import type { Matches } from '../matching/matcher.ts';
import type { MatchModel } from '../matching/model.ts';
import { POPULATIONS, type Population } from '../matching/recordStore.ts';

/** How the records of one population were compared. */
export interface MatchedPopulation {
  readonly population: Population;
  readonly records: number;
  /** The share of all pairs that are the same, from 0 to 1: lambda of the Fellegi-Sunter model. */
  readonly sameShare: number;
  /** What was learnt on the records themselves. */
  readonly estimatedFields: readonly string[];
  /** What had too little evidence, and is compared by the documented priors. */
  readonly priorFields: readonly string[];
}

/** Pairs that were not compared, since too many records share what they were brought together by. */
export interface UncomparedPairs {
  readonly population: Population;
  /** What they share. */
  readonly key: string;
  /** How many values of it are shared by too many. */
  readonly blocks: number;
  /** How many records share one of these. */
  readonly records: number;
  /** How many pairs these are at the most; some may have been compared by something else they share. */
  readonly pairs: number;
}

/** What a search for duplicates compared, and what it left out: kept with its step. */
export interface MatchingDetails {
  readonly comparedPairs: number;
  /** How many of them are probably the same. */
  readonly matchedPairs: number;
  /** How many clusters the records that are the same form. */
  readonly clusters: number;
  /** The least probability of a match, from 0 to 1. */
  readonly threshold: number;
  readonly populations: readonly MatchedPopulation[];
  readonly uncompared: readonly UncomparedPairs[];
  /**
   * Of a search that an incremental audit made by a kept model: how many records were compared with
   * the rest. Null where all were compared with each other.
   */
  readonly comparedRecords: number | null;
  /** Why an incremental audit compared all with each other; null where it did not, and for full ones. */
  readonly fullReason: string | null;
  /** How long it took. */
  readonly seconds: number;
  /** The most memory that a process of its own had, in MB; null where it needed none. */
  readonly peakRssMb: number | null;
}

/** Sums a search up. */
export function matchingDetails({
  matches,
  model,
  threshold,
  clusterCount,
  comparedRecords,
  fullReason,
  seconds,
}: {
  readonly matches: Matches;
  readonly model: MatchModel;
  readonly threshold: number;
  readonly clusterCount: number;
} & Pick<MatchingDetails, 'comparedRecords' | 'fullReason' | 'seconds'>): MatchingDetails {
  return {
    comparedPairs: matches.comparisons,
    matchedPairs: matches.pairs.first.length,
    clusters: clusterCount,
    threshold,
    populations: POPULATIONS.flatMap((population) => describePopulation(model, population)),
    uncompared: matches.uncompared.map(({ population, key, blocks, rows, pairs }) => ({
      ...{ population, key, blocks, pairs },
      records: rows,
    })),
    comparedRecords,
    fullReason,
    seconds,
    peakRssMb: null,
  };
}

function describePopulation(model: MatchModel, population: Population): MatchedPopulation[] {
  const parameters = model.populations[population];
  if (parameters === undefined) return [];
  const { records, sameShare, fields } = parameters;
  const named = (isEstimated: boolean): string[] =>
    fields.filter(({ evidence }) => evidence > 0 === isEstimated).map(({ field }) => field);
  return [
    { population, records, sameShare, estimatedFields: named(true), priorFields: named(false) },
  ];
}
