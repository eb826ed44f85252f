import type { Comparator } from '../compare/comparator.ts';
import { type PopulationModel, relatedProbability } from '../model.ts';
import type { RecordStore } from '../recordStore.ts';
import type { PopulationSchema } from '../schema/populationSchema.ts';
import { frequencyBits } from './termFrequency.ts';

/** Levels of a field are numbered from 0 to less than this. */
export const LEVELS = 8;

/** What a pair can be worth at most is not looked at to the last bit. */
const ROUNDING = 1e-6;

/**
 * Weighs pairs by Fellegi and Sunter (1969), doi:10.1080/01621459.1969.10501049, with a third kind
 * of pairs beside those that are the same and those that are unrelated: *related* ones, such as
 * people of one household, who share name, address and phone without being the same (three classes
 * as in Winkler 1994, Advanced Methods for Record Linkage, and Larsen and Rubin 2001,
 * doi:10.1198/016214501750332956). So evidence that a household shares counts but once:
 *
 *     weight = log2(same × P(levels | same))
 *            - log2(unrelated × P(levels | unrelated) + related × P(levels | related))
 *
 * where a related pair has the same value in a share of the cases that is known for each field, and
 * agrees like an unrelated pair in the others.
 */
export class Scorer {
  readonly schema: PopulationSchema;
  readonly model: PopulationModel;
  /** The levels of the pair that was compared last, by field. */
  readonly levels: Uint8Array;
  /** What the pair weighed last would weigh if no pairs were related. */
  weightAgainstUnrelated = 0;
  readonly #comparators: readonly Comparator[];
  readonly #againstUnrelated: Float64Array;
  readonly #againstRelated: Float64Array;
  readonly #frequencies: readonly (Frequency | undefined)[];
  /** By comparator, the most bits that it and those behind it can bring. */
  readonly #mostUnrelated: Float64Array;
  readonly #mostRelated: Float64Array;
  readonly #priorUnrelated: number;
  readonly #priorRelated: number;

  constructor(
    store: RecordStore,
    rows: Int32Array,
    comparators: readonly Comparator[],
    schema: PopulationSchema,
    model: PopulationModel,
  ) {
    this.schema = schema;
    this.model = model;
    this.levels = new Uint8Array(schema.fields.length);
    this.#comparators = comparators;
    this.#againstUnrelated = bitsAgainst(model, 'unrelated');
    this.#againstRelated = bitsAgainst(model, 'related');
    this.#frequencies = frequenciesOf(store, rows, schema, model);
    const unrelatedShare = 1 - model.sameShare - model.relatedShare;
    this.#priorUnrelated = Math.log2(model.sameShare / unrelatedShare);
    this.#priorRelated = Math.log2(model.sameShare / model.relatedShare);
    this.#mostUnrelated = this.#mostOf(this.#againstUnrelated, (slot) =>
      Math.max(0, this.#frequencies[slot]?.most ?? 0),
    );
    this.#mostRelated = this.#mostOf(this.#againstRelated, () => 0);
  }

  /** The weight of a pair before any field is compared. */
  get prior(): number {
    return this.#priorUnrelated;
  }

  /**
   * The weight of a pair: log2 of the odds that it is the same.
   *
   * @param least stops, and returns what is lower, as soon as the weight can't come to this
   */
  weigh(one: number, other: number, least = Number.NEGATIVE_INFINITY): number {
    let unrelated = this.#priorUnrelated;
    let related = this.#priorRelated;
    for (let at = 0; at < this.#comparators.length; at += 1) {
      const most = Math.min(
        unrelated + (this.#mostUnrelated[at] ?? 0),
        related + (this.#mostRelated[at] ?? 0),
      );
      if (most < least) return most;
      const comparator = this.#comparators[at];
      if (comparator === undefined) break;
      comparator.compare(one, other, this.levels);
      for (const group of comparator.groups) {
        for (const field of group) {
          const level = this.levels[field] ?? 0;
          if (level === 0) continue;
          const slot = field * LEVELS + level;
          unrelated += (this.#againstUnrelated[slot] ?? 0) + this.#frequencyBits(slot, one);
          related += this.#againstRelated[slot] ?? 0;
        }
      }
    }
    this.weightAgainstUnrelated = unrelated;
    return combine(unrelated, related);
  }

  /** The levels of all fields, in {@link levels}. */
  compare(one: number, other: number): Uint8Array {
    for (const { compare } of this.#comparators) compare(one, other, this.levels);
    return this.levels;
  }

  /** What a level of a pair says against its being unrelated, in bits. */
  fieldBits(field: number, level: number, row: number): number {
    if (level === 0) return 0;
    const slot = field * LEVELS + level;
    return (this.#againstUnrelated[slot] ?? 0) + this.#frequencyBits(slot, row);
  }

  /** What the frequency of the value that a pair agrees on adds at a level, in bits. */
  rarityBits(field: number, level: number, row: number): number {
    return this.#frequencyBits(field * LEVELS + level, row);
  }

  #frequencyBits(slot: number, row: number): number {
    const frequency = this.#frequencies[slot];
    return frequency === undefined ? 0 : (frequency.bits[frequency.values[row] ?? 0] ?? 0);
  }

  #mostOf(bits: Float64Array, extra: (slot: number) => number): Float64Array {
    const most = new Float64Array(this.#comparators.length + 1);
    for (let at = this.#comparators.length - 1; at >= 0; at -= 1) {
      const groups = this.#comparators[at]?.groups ?? [];
      const own = groups.map((fields) =>
        Math.max(
          0,
          ...fields.flatMap((field) =>
            Array.from({ length: LEVELS - 1 }, (_, level) => {
              const slot = field * LEVELS + level + 1;
              return (bits[slot] ?? 0) + extra(slot);
            }),
          ),
        ),
      );
      most[at] = (most[at + 1] ?? 0) + own.reduce((sum, value) => sum + value, ROUNDING);
    }
    return most;
  }
}

interface Frequency {
  readonly values: Int32Array;
  readonly bits: Float32Array;
  readonly most: number;
}

/** -log2(2^-unrelated + 2^-related), without overflow. */
function combine(unrelated: number, related: number): number {
  const [low, high] = unrelated < related ? [unrelated, related] : [related, unrelated];
  return low - Math.log2(1 + 2 ** (low - high));
}

/** By field and level, how many bits it says for a pair against its being something else. */
export function bitsAgainst(
  model: PopulationModel,
  against: 'unrelated' | 'related',
): Float64Array {
  const bits = new Float64Array(model.fields.length * LEVELS);
  for (const [at, field] of model.fields.entries()) {
    for (const [index, level] of field.levels.entries()) {
      const other = against === 'related' ? relatedProbability(field, level) : level.unrelated;
      bits[at * LEVELS + index + 1] = Math.log2(level.same / other);
    }
  }
  return bits;
}

function frequenciesOf(
  store: RecordStore,
  rows: Int32Array,
  schema: PopulationSchema,
  model: PopulationModel,
): readonly (Frequency | undefined)[] {
  const frequencies: (Frequency | undefined)[] = Array.from({
    length: schema.fields.length * LEVELS,
  });
  for (const [field, { frequencies: columns, rarest }] of schema.fields.entries()) {
    for (const { level, column, orColumn } of columns) {
      const unrelated = model.fields[field]?.levels[level - 1]?.unrelated ?? 1;
      const counted = orColumn === undefined ? [column] : [column, orColumn];
      const bits = frequencyBits(store, rows, counted, { unrelated, rarest });
      frequencies[field * LEVELS + level] = {
        values: store.column(column),
        bits,
        most: Math.log2(unrelated / Math.min(rarest, unrelated)),
      };
    }
  }
  return frequencies;
}
