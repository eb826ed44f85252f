import {
  type FieldModel,
  type PopulationModel,
  relatedProbability,
  sharedProbability,
} from '../model.ts';
import { boundLevels } from '../schema/boundLevels.ts';
import type { FieldSchema, PopulationSchema } from '../schema/populationSchema.ts';
import { bitsAgainst, LEVELS } from '../scoring/scorer.ts';
import { orderLevels } from './orderLevels.ts';
import type { TrainingPairs } from './trainingPairs.ts';

const ROUNDS = 25;
const CONVERGED = 0.002;

/** The priors count as so many pairs that are the same, or related. */
const PRIOR_PAIRS = 100;

/**
 * The odds of what related pairs share stay within this factor of the priors, so that they don't
 * become what they are not: another kind of duplicates, or neighbours.
 */
const FURTHEST_FROM_PRIOR = 3;

/** Pairs that are less likely anything else than unrelated teach nothing. */
const NEGLIGIBLE = 1e-4;

/** There are always some relatives, at least their prior over this. */
const FEWEST_RELATED = 6;
const MOST_RELATED_FOR_ONE_SAME = 30;

/** No workspace is taken for free of duplicates: so many of its records have one at least. */
const SMALLEST_DUPLICATE_SHARE = 0.002;

interface Expectation {
  /** Expected pairs that are the same, and that are related. */
  readonly same: number;
  readonly related: number;
  /** Those that are the same by field and level. */
  readonly sameCounts: Float64Array;
  /** Those that are related by field and level. */
  readonly relatedCounts: Float64Array;
}

/**
 * Learns *m* and how many pairs are the same or related by expectation maximisation (Dempster,
 * Laird and Rubin 1977; for record linkage Winkler 1988 and Jaro 1989). *u* stays as it is. All
 * pairs of the population take part: those that share no block count as unrelated, so that the
 * choice of blocks does not look like agreement. With little evidence the priors remain, as
 * Dirichlet priors do.
 */
export function maximiseExpectation(
  schema: PopulationSchema,
  start: PopulationModel,
  pairs: TrainingPairs,
): PopulationModel {
  let model = start;
  for (let round = 0; round < ROUNDS; round += 1) {
    const expected = expect(model, pairs);
    const next = maximise(schema, model, expected, pairs.sampled);
    const change = Math.abs(Math.log(next.sameShare / model.sameShare));
    model = next;
    if (change < CONVERGED) break;
  }
  return {
    ...model,
    fields: model.fields.map((field, at) => orderLevels(field, schema.fields[at])),
  };
}

function expect(model: PopulationModel, pairs: TrainingPairs): Expectation {
  const fields = model.fields.length;
  const sameCounts = new Float64Array(fields * LEVELS);
  const relatedCounts = new Float64Array(fields * LEVELS);
  const againstUnrelated = bitsAgainst(model, 'unrelated');
  const againstRelated = bitsAgainst(model, 'related');
  const priorUnrelated = Math.log2(model.sameShare / (1 - model.sameShare - model.relatedShare));
  const priorRelated = Math.log2(model.sameShare / model.relatedShare);
  let [sumSame, sumRelated] = [0, 0];
  for (let pair = 0; pair < pairs.count; pair += 1) {
    let unrelated = priorUnrelated + (pairs.rarity[pair] ?? 0);
    let related = priorRelated;
    for (let field = 0; field < fields; field += 1) {
      const slot = field * LEVELS + (pairs.levels[pair * fields + field] ?? 0);
      unrelated += againstUnrelated[slot] ?? 0;
      related += againstRelated[slot] ?? 0;
    }
    const [oddsUnrelated, oddsRelated] = [2 ** -unrelated, 2 ** -related];
    const same = 1 / (1 + oddsUnrelated + oddsRelated);
    const asRelated = Number.isFinite(oddsRelated) ? same * oddsRelated : 0;
    if (Number.isNaN(same) || same + asRelated < NEGLIGIBLE) continue;
    sumSame += same;
    sumRelated += asRelated;
    const teaches = pairs.teaches[pair] ?? 0;
    for (let field = 0; field < fields; field += 1) {
      if ((teaches & (1 << field)) === 0) continue;
      const slot = field * LEVELS + (pairs.levels[pair * fields + field] ?? 0);
      sameCounts[slot] = (sameCounts[slot] ?? 0) + same;
      relatedCounts[slot] = (relatedCounts[slot] ?? 0) + asRelated;
    }
  }
  return { same: sumSame, related: sumRelated, sameCounts, relatedCounts };
}

function maximise(
  schema: PopulationSchema,
  model: PopulationModel,
  expected: Expectation,
  sampled: number,
): PopulationModel {
  const allPairs = (model.records * (model.records - 1)) / 2;
  const fewest = (SMALLEST_DUPLICATE_SHARE * model.records) / allPairs / 2;
  const sameShare = Math.min(0.5, Math.max(fewest, (expected.same / sampled + 1) / (allPairs + 2)));
  const relatedShare = Math.min(
    0.4,
    sameShare * MOST_RELATED_FOR_ONE_SAME,
    Math.max(
      (sameShare * schema.relatedForOneSame) / FEWEST_RELATED,
      expected.related / sampled / allPairs,
    ),
  );
  return {
    ...model,
    sameShare,
    relatedShare,
    fields: model.fields.map((field, at) => learnField(field, schema.fields[at], expected, at)),
  };
}

function learnField(
  field: FieldModel,
  schema: FieldSchema | undefined,
  { sameCounts, relatedCounts }: Expectation,
  at: number,
): FieldModel {
  const seen = field.levels.map((_, level) => sameCounts[at * LEVELS + level + 1] ?? 0);
  const evidence = seen.reduce((sum, count) => sum + count, 0);
  const related = field.levels.map((_, level) => relatedCounts[at * LEVELS + level + 1] ?? 0);
  return {
    ...field,
    evidence: Math.round(evidence),
    shared: learnShared(field, schema?.shared ?? field.shared, related),
    levels: boundLevels(
      field.levels.map((level, index) => ({
        ...level,
        same:
          ((seen[index] ?? 0) + PRIOR_PAIRS * (schema?.levels[index]?.[1] ?? 0)) /
          (evidence + PRIOR_PAIRS),
      })),
      schema?.against ?? [],
    ),
  };
}

/** The share of related pairs that has the same value, given how many are at each level. */
function learnShared(field: FieldModel, prior: number, counts: readonly number[]): number {
  let [sharing, total] = [PRIOR_PAIRS * prior, PRIOR_PAIRS];
  for (const [at, level] of field.levels.entries()) {
    const count = counts[at] ?? 0;
    sharing +=
      (count * field.shared * sharedProbability(field, level)) / relatedProbability(field, level);
    total += count;
  }
  const odds = sharing / (total - sharing);
  const priorOdds = prior / (1 - prior);
  const bounded = Math.min(
    priorOdds * FURTHEST_FROM_PRIOR,
    Math.max(priorOdds / FURTHEST_FROM_PRIOR, odds),
  );
  return bounded / (1 + bounded);
}
