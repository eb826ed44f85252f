import type { Blocking } from '../blocking/blocking.ts';
import { visitCandidates } from '../blocking/candidates.ts';
import { mix } from '../blocking/keys.ts';
import type { Scorer } from '../scoring/scorer.ts';

/** So many candidate pairs are enough to learn from. */
const ENOUGH_PAIRS = 300_000;

/** Pairs that share a block, with what they compare to. */
export interface TrainingPairs {
  readonly count: number;
  /** Of all candidate pairs, how many are in here: from 0 to 1. */
  readonly sampled: number;
  /** Pair by pair, the level of each field. */
  readonly levels: Uint8Array;
  /** By pair, what the rarity of the values adds, in bits. */
  readonly rarity: Float32Array;
  /** By pair, a bit for each field that something is learned of from it. */
  readonly teaches: Uint32Array;
}

/**
 * Compares the pairs of all blocks or, where they are too many, of some that are drawn by their
 * keys. A pair teaches something of a field only if a rule brings it together that does not look
 * at that field: as where Splink runs its expectation maximisation several times, with other
 * blocking each time, and takes each field from the runs that do not block on it.
 */
export function collectTrainingPairs(blocking: Blocking, scorer: Scorer): TrainingPairs {
  const fields = scorer.schema.fields;
  const total = blocking.rules.reduce((sum, { pairs }) => sum + pairs, 0);
  const sampled = Math.min(1, ENOUGH_PAIRS / Math.max(1, total));
  const taughtBy = blocking.rules.map(({ rule }) =>
    fields.reduce(
      (bits, { field }, at) => (rule.fields.includes(field) ? bits : bits | (1 << at)),
      0,
    ),
  );
  const levels: number[] = [];
  const rarity: number[] = [];
  const teaches: number[] = [];
  const { keys } = blocking;
  const width = blocking.rules.length;
  visitCandidates(
    blocking,
    (one, other) => {
      const compared = scorer.compare(one, other);
      let bits = 0;
      for (const [field, level] of compared.entries()) {
        levels.push(level);
        if (level !== 0) bits += scorer.rarityBits(field, level, one);
      }
      rarity.push(bits);
      let taught = 0;
      for (let rule = 0; rule < width; rule += 1) {
        const key = keys[one * width + rule] ?? 0;
        if (key !== 0 && key === keys[other * width + rule]) taught |= taughtBy[rule] ?? 0;
      }
      teaches.push(taught);
    },
    { takesBlock: (key) => mix(key, 0x5bd1e995) / 0x1_0000_0000 < sampled },
  );
  return {
    count: rarity.length,
    sampled,
    levels: Uint8Array.from(levels),
    rarity: Float32Array.from(rarity),
    teaches: Uint32Array.from(teaches),
  };
}
