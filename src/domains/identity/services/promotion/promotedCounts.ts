/** What became of how many records in a promotion. */
export interface PromotedCounts {
  /** In production now, those included that had their values already. */
  readonly applied: number;
  /** Those of them that made a new entity. */
  readonly created: number;
  /** Those of them whose entity had the values already. */
  readonly unchanged: number;
  readonly conflict: number;
  readonly failed: number;
  /** Records of imports that wait for what they refer to. */
  readonly waiting: number;
}

export const NOTHING_PROMOTED: PromotedCounts = {
  applied: 0,
  created: 0,
  unchanged: 0,
  conflict: 0,
  failed: 0,
  waiting: 0,
};

export function addCounts(a: PromotedCounts, b: PromotedCounts): PromotedCounts {
  return {
    applied: a.applied + b.applied,
    created: a.created + b.created,
    unchanged: a.unchanged + b.unchanged,
    conflict: a.conflict + b.conflict,
    failed: a.failed + b.failed,
    waiting: a.waiting + b.waiting,
  };
}
