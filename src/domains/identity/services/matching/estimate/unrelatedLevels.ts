import type { PopulationModel } from '../model.ts';
import type { RecordStore } from '../recordStore.ts';
import { LEVELS, type Scorer } from '../scoring/scorer.ts';
import { createRandomRows } from './random.ts';

const RANDOM_PAIRS = 200_000;
const NEIGHBOUR_PAIRS = 50_000;

/** Neighbours are drawn from so many records of one place. */
const FURTHEST = 500;

/** The priors count as so many pairs. */
const PRIOR_PAIRS = 5_000;

/** However few pairs show a level, it is not taken for less likely than this share of its prior. */
const FLOOR = 0.2;

/** Pairs that are more likely the same, or related, than this, in bits, are left out. */
const LIKELY_SAME = -3;

/** A pair of the same place tells how streets agree there, which random pairs hardly ever show. */
const IN_SAME_PLACE = 'street';

/**
 * How often each level comes up among unrelated pairs: *u*, from pairs drawn at random, as Splink
 * does it (Linacre et al. 2022, doi:10.23889/ijpds.v7i1.1794). In a small workspace some of these
 * are duplicates, which must not make their own agreement look like chance: what the scorer takes
 * for one is left out.
 */
export function estimateUnrelated(
  store: RecordStore,
  rows: Int32Array,
  scorer: Scorer,
): PopulationModel {
  const random = createRandomRows(20_261_123);
  const counts = new Float64Array(scorer.schema.fields.length * LEVELS);
  const all = (rows.length * (rows.length - 1)) / 2;
  const count = (one: number, other: number, only?: number): void => {
    if (one === other) return;
    scorer.weigh(one, other);
    if (scorer.weightAgainstUnrelated > LIKELY_SAME) return;
    for (const [field, level] of scorer.levels.entries()) {
      if (only !== undefined && field !== only) continue;
      const slot = field * LEVELS + level;
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
  };
  for (let pair = 0; pair < Math.min(RANDOM_PAIRS, 4 * all); pair += 1) {
    count(rows[random(rows.length)] ?? 0, rows[random(rows.length)] ?? 0);
  }
  const street = scorer.schema.fields.findIndex(({ field }) => field === IN_SAME_PLACE);
  visitNeighbours(store, rows, random, (one, other) => count(one, other, street));
  return {
    ...scorer.model,
    fields: scorer.model.fields.map((model, field) => {
      const unrelated = smoothed(
        model.levels.map((level) => level.unrelated),
        counts,
        field,
      );
      return {
        ...model,
        levels: model.levels.map((level, at) => ({ ...level, unrelated: unrelated[at] ?? 0 })),
      };
    }),
  };
}

function smoothed(priors: readonly number[], counts: Float64Array, field: number): number[] {
  const seen = priors.map((_, at) => counts[field * LEVELS + at + 1] ?? 0);
  const total = seen.reduce((sum, count) => sum + count, 0);
  const shares = priors.map((prior, at) =>
    Math.max(prior * FLOOR, ((seen[at] ?? 0) + PRIOR_PAIRS * prior) / (total + PRIOR_PAIRS)),
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** Pairs of records with the same postal code or, where they have none, the same locality. */
function visitNeighbours(
  store: RecordStore,
  rows: Int32Array,
  random: (limit: number) => number,
  visit: (one: number, other: number) => void,
): void {
  const [postal, locality] = [store.column('postal'), store.column('locality')];
  const placeOf = (row: number): number => postal[row] || -(locality[row] ?? 0);
  const sorted = rows.slice().sort((one, other) => placeOf(one) - placeOf(other));
  const pairs = Math.min(NEIGHBOUR_PAIRS, 20 * rows.length);
  for (let pair = 0; pair < pairs; pair += 1) {
    const at = random(sorted.length);
    const place = placeOf(sorted[at] ?? 0);
    if (place === 0) continue;
    let end = at;
    while (end - at < FURTHEST && placeOf(sorted[end + 1] ?? 0) === place) end += 1;
    if (end > at) visit(sorted[at] ?? 0, sorted[at + 1 + random(end - at)] ?? 0);
  }
}
