/** The score of entities that have lost so many tenths of themselves together: from 0 to 100. */
export function scoreOf(lostTenths: number, entityCount: number): number {
  return 100 - (10 * lostTenths) / entityCount;
}

/** A score, and of how many entities it is. */
export interface WeighedScore {
  readonly score: number;
  readonly entityCount: number;
}

/** The score of all entities together; null where there are none. */
export function overallScore(scores: readonly WeighedScore[]): number | null {
  const entities = scores.reduce((sum, { entityCount }) => sum + entityCount, 0);
  if (entities === 0) return null;
  return scores.reduce((sum, { score, entityCount }) => sum + score * entityCount, 0) / entities;
}
