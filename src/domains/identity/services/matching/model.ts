import type { MatchedType, Population } from './recordStore.ts';

/** One outcome of comparing a field, and how likely it is. */
export interface LevelModel {
  readonly label: string;
  /** Its probability among pairs that are the same: *m* of Fellegi and Sunter. */
  readonly same: number;
  /** Its probability among pairs that have nothing to do with each other: *u*. */
  readonly unrelated: number;
}

/** What is known of a field; level 0 is not in it, since a missing value says nothing. */
export interface FieldModel {
  readonly field: string;
  readonly levels: readonly LevelModel[];
  /**
   * Of pairs that live or work together and are not the same, the share that has the same value,
   * but for the way it is written; the others agree as far as unrelated pairs do.
   */
  readonly shared: number;
  /** How many pairs that are the same its estimate rests on; 0 where it is the prior. */
  readonly evidence: number;
}

/** What is known of the pairs of one population. */
export interface PopulationModel {
  /** How many records it was estimated on. */
  readonly records: number;
  /** The share of all pairs that are the same. */
  readonly sameShare: number;
  /** The share of all pairs that are related, and not the same. */
  readonly relatedShare: number;
  readonly fields: readonly FieldModel[];
}

/** Rises with every change of fields or levels. */
export const MATCH_MODEL_VERSION = 3;

/** The parameters of matching in one workspace: plain data that can be stored and read again. */
export interface MatchModel {
  readonly version: typeof MATCH_MODEL_VERSION;
  readonly type: MatchedType;
  readonly populations: Readonly<Partial<Record<Population, PopulationModel>>>;
}

/** Of the values that related people share, this share was recorded together, without differences. */
const RECORDED_TOGETHER = 0.75;

/** How likely a level is among related pairs that share the value; the first one is the best. */
export function sharedProbability(field: FieldModel, level: LevelModel): number {
  const asWritten = (1 - RECORDED_TOGETHER) * level.same;
  return level === field.levels[0] ? RECORDED_TOGETHER + asWritten : asWritten;
}

/** How likely a level is among related pairs: it follows from the rest of the model. */
export function relatedProbability(field: FieldModel, level: LevelModel): number {
  return field.shared * sharedProbability(field, level) + (1 - field.shared) * level.unrelated;
}
