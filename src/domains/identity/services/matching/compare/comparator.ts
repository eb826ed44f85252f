/** A level that says nothing, since one of the records has no value. */
export const MISSING = 0;

/**
 * Compares one aspect of two records, and writes the level of each of its fields: {@link MISSING},
 * or from 1 for the best agreement on.
 */
export type Compare = (one: number, other: number, levels: Uint8Array) => void;

/** A comparison with the fields that it fills; of the fields in one group it fills one at most. */
export interface Comparator {
  readonly groups: readonly (readonly number[])[];
  readonly compare: Compare;
}

/** How far two texts agree, as several fields have it. */
export const AGREEMENT = { missing: 0, exact: 1, close: 2, different: 3 } as const;
