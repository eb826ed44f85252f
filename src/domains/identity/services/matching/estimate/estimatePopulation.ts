import type { Blocking } from '../blocking/blocking.ts';
import type { Comparator } from '../compare/comparator.ts';
import type { PopulationModel } from '../model.ts';
import type { RecordStore } from '../recordStore.ts';
import type { PopulationSchema } from '../schema/populationSchema.ts';
import { priorModel } from '../schema/priorModel.ts';
import { Scorer } from '../scoring/scorer.ts';
import { maximiseExpectation } from './expectationMaximisation.ts';
import { collectTrainingPairs } from './trainingPairs.ts';
import { estimateUnrelated } from './unrelatedLevels.ts';

/** Fewer records teach nothing: the priors stay. */
const FEWEST_RECORDS = 100;

/** Estimates the model of a population on its own records, without examples of duplicates. */
export function estimatePopulation(
  store: RecordStore,
  rows: Int32Array,
  schema: PopulationSchema,
  comparators: readonly Comparator[],
  blocking: Blocking,
): PopulationModel {
  const prior = priorModel(schema, rows.length);
  if (rows.length < FEWEST_RECORDS) return prior;
  const scorerOf = (model: PopulationModel): Scorer =>
    new Scorer(store, rows, comparators, schema, model);
  const withUnrelated = estimateUnrelated(store, rows, scorerOf(prior));
  const pairs = collectTrainingPairs(blocking, scorerOf(withUnrelated));
  return maximiseExpectation(schema, withUnrelated, pairs);
}
