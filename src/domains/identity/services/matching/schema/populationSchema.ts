import type { Comparator } from '../compare/comparator.ts';
import type { Column, RecordStore } from '../recordStore.ts';

/** A level with its priors; see {@link LevelModel} for the probabilities. */
export type PriorLevel = readonly [label: string, same: number, unrelated: number];

/** A level where both records have the same value of a column. */
export interface LevelFrequency {
  readonly level: number;
  readonly column: Column;
  /** The column in which the other record has it, where that may be another one. */
  readonly orColumn?: Column;
}

/** A field that is compared, with what is assumed of it before anything is known. */
export interface FieldSchema {
  readonly field: string;
  /** The columns whose values explain the field. */
  readonly columns: readonly Column[];
  /** From the best agreement to none. */
  readonly levels: readonly PriorLevel[];
  /** Of related pairs, the share that has the same value, but for the way it is written. */
  readonly shared: number;
  /** Levels where both have the same value of a column: a rare one says more than a common one. */
  readonly frequencies: readonly LevelFrequency[];
  /** No value counts as rarer than this, however seldom it is met. */
  readonly rarest: number;
  /** Levels that are no worse or better than others, and take no part in their order. */
  readonly unordered?: readonly number[];
  /** Levels that always speak against a pair, whatever is learnt: see {@link LeastAgainst}. */
  readonly against?: readonly LeastAgainst[];
}

/**
 * A level whose odds stay at or below a bound, also when *m* is learnt. Without one, pairs that only have
 * the same surroundings can be taken for the same, teach that the same person often has another
 * name, and so bring in more of their like. In record linkage *m* of a disagreement is a matter of
 * data quality, and often set by hand for that reason (Herzog, Scheuren and Winkler 2007, Data
 * Quality and Record Linkage Techniques, chapter 9).
 */
export interface LeastAgainst {
  readonly level: number;
  /** *m* / *u* at the most. */
  readonly odds: number;
}

/** A key of records that are compared with each other: 0 where the record has none. */
export type BlockingKey = (row: number) => number;

/** Keys from coarse to fine: where a block is too large, the next key splits it. */
export interface BlockingRule {
  readonly key: string;
  /** The fields that agree, at least in part, in its blocks, so that it tells nothing of them. */
  readonly fields: readonly string[];
  readonly keys: readonly BlockingKey[];
  /** A rule that only small populations have, by one field: what it leaves out, large ones leave out too. */
  readonly isCoarse?: boolean;
}

/** How the records of a population are compared. */
export interface PopulationSchema {
  readonly fields: readonly FieldSchema[];
  /** Related pairs there are for one pair that is the same, before anything is known. */
  readonly relatedForOneSame: number;
  comparators(store: RecordStore): readonly Comparator[];
  /** @param isSmall whether the population is small enough for coarse keys */
  blockingRules(store: RecordStore, isSmall: boolean): readonly BlockingRule[];
}
