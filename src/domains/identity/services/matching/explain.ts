import type { RecordStore } from './recordStore.ts';
import { probabilityOf } from './scoring/probability.ts';
import type { Scorer } from './scoring/scorer.ts';

/** What one field brings to the weight of a pair. */
export interface Contribution {
  readonly field: string;
  /** How the values agree, in words. */
  readonly level: string;
  /** In bits: above 0 speaks for the pair, below 0 against it. */
  readonly weight: number;
  /** Both values as they are compared; null where there is none. */
  readonly values: readonly [string | null, string | null];
}

/** What the weight of a pair is made of: prior and contributions add up to it. */
export interface PairExplanation {
  /** log2 of the odds that the pair is the same. */
  readonly weight: number;
  readonly probability: number;
  /** The weight of any pair before its fields are compared. */
  readonly prior: number;
  /** Fields that say nothing, since a value is missing, are left out. */
  readonly contributions: readonly Contribution[];
}

/** The name of the contribution that is no field: what relatives and colleagues share anyway. */
export const SHARED = 'shared by relatives';

/** Explains the weight of a pair field by field: the numbers of a waterfall chart. */
export function explainPair(
  store: RecordStore,
  scorer: Scorer,
  one: number,
  other: number,
): PairExplanation {
  const weight = scorer.weigh(one, other);
  const levels = scorer.levels.slice();
  const contributions = scorer.schema.fields.flatMap(({ field, columns }, at): Contribution[] => {
    const level = levels[at] ?? 0;
    if (level === 0) return [];
    const textOf = (row: number): string | null =>
      columns.flatMap((column) => store.value(row, column) ?? []).join(' ') || null;
    return [
      {
        field,
        level: scorer.model.fields[at]?.levels[level - 1]?.label ?? '',
        weight: scorer.fieldBits(at, level, one),
        values: [textOf(one), textOf(other)],
      },
    ];
  });
  const sum = contributions.reduce((total, part) => total + part.weight, scorer.prior);
  const shared: Contribution = {
    field: SHARED,
    level: 'counted once, since relatives and colleagues agree on it too',
    weight: weight - sum,
    values: [null, null],
  };
  return {
    weight,
    probability: probabilityOf(weight),
    prior: scorer.prior,
    contributions: shared.weight < -0.005 ? [...contributions, shared] : contributions,
  };
}
