import type { FieldModel, LevelModel } from '../model.ts';
import type { FieldSchema } from '../schema/populationSchema.ts';

/**
 * Sees to it that a better agreement never says less: neighbouring levels that are the wrong way
 * round are given what they say together (pool adjacent violators: Ayer et al. 1955,
 * doi:10.1214/aoms/1177728423), and the best level never counts against a pair.
 */
export function orderLevels(field: FieldModel, schema: FieldSchema | undefined): FieldModel {
  const unordered = new Set(schema?.unordered);
  const ordered = field.levels.filter((_, at) => !unordered.has(at + 1));
  const pooled = pool(ordered);
  const levels = field.levels.map((level) => pooled[ordered.indexOf(level)] ?? level);
  const [best, ...others] = levels;
  if (best === undefined || best.same >= best.unrelated) return { ...field, levels };
  return { ...field, levels: [{ ...best, same: best.unrelated }, ...others] };
}

function pool(levels: readonly LevelModel[]): readonly LevelModel[] {
  const groups: { same: number; unrelated: number; members: LevelModel[] }[] = [];
  for (const level of levels) {
    groups.push({ same: level.same, unrelated: level.unrelated, members: [level] });
    for (;;) {
      const [before, last] = groups.slice(-2);
      if (before === undefined || last === undefined) break;
      if (before.same / before.unrelated >= last.same / last.unrelated) break;
      groups.splice(-2, 2, {
        same: before.same + last.same,
        unrelated: before.unrelated + last.unrelated,
        members: [...before.members, ...last.members],
      });
    }
  }
  return groups.flatMap(({ same, unrelated, members }) =>
    members.length === 1
      ? members
      : members.map((level) => ({ ...level, same: (level.unrelated * same) / unrelated })),
  );
}
