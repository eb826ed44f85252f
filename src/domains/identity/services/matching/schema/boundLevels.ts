import type { LevelModel } from '../model.ts';
import type { LeastAgainst } from './populationSchema.ts';

/** Keeps the odds of some levels at their bounds; what they lose, the others have in their shares. */
export function boundLevels(
  levels: readonly LevelModel[],
  bounds: readonly LeastAgainst[],
): readonly LevelModel[] {
  const bounded = levels.map((level, at) => {
    const odds = bounds.find((bound) => bound.level === at + 1)?.odds ?? Number.POSITIVE_INFINITY;
    return Math.min(level.same, level.unrelated * odds);
  });
  const isBounded = (at: number): boolean => bounded[at] !== levels[at]?.same;
  const taken = sumOf(bounded.filter((_, at) => isBounded(at)));
  const left = sumOf(bounded.filter((_, at) => !isBounded(at)));
  return levels.map((level, at) => ({
    ...level,
    same: isBounded(at) ? (bounded[at] ?? 0) : (level.same * (1 - taken)) / left,
  }));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
