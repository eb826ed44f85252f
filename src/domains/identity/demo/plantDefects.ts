import type { EntityType, FieldsByType } from '../rules/entities.ts';
import type { Severity } from '../rules/rule.ts';
import type { Changes, Defects, DuplicateDefect, RecordDefect } from './demoDefects.ts';
import type { DemoEntity } from './demoEntity.ts';
import type { SeededRandom } from './seededRandom.ts';

/** A finding that an audit of the demo workspace must give. */
export interface PlantedFinding {
  readonly entityType: EntityType;
  readonly externalId: string;
  readonly ruleId: string;
  readonly field: string;
  readonly severity: Severity;
  /** Of the entities that are the same thing; empty for what is wrong with one alone. */
  readonly relatedExternalIds: readonly string[];
}

export interface Planting {
  /** By the id of the entity. */
  readonly changes: ReadonlyMap<string, Changes>;
  readonly planted: readonly PlantedFinding[];
}

/** Plants defects in entities of one type, never two in the same. */
export function plantDefects<T extends EntityType>(
  random: SeededRandom,
  entities: readonly DemoEntity<T>[],
  defects: Defects<T>,
): Planting {
  const sound = shuffle(random, entities);
  const changes = new Map<string, Changes>();
  const planted: PlantedFinding[] = [];

  /** Takes the first sound entity that can be changed, and changes it. */
  function change(changeOf: (fields: FieldsByType[T]) => Changes | null): DemoEntity<T> {
    for (const [index, entity] of sound.entries()) {
      const its = changeOf(entity.fields);
      if (its === null) continue;
      sound.splice(index, 1);
      changes.set(entity.id, its);
      return entity;
    }
    throw new RangeError('The demo workspace has too few entities for its defects.');
  }

  function plantRecordDefect(defect: RecordDefect<T>): void {
    for (let number = 0; number < defect.count; number += 1) {
      const spoil = defect.spoil[number % defect.spoil.length] ?? (() => null);
      expectFinding(defect, change(spoil), []);
    }
  }

  function plantDuplicates(defect: DuplicateDefect<T>): void {
    for (let number = 0; number < defect.count; number += 1) {
      const original = change((fields) => (defect.copy(fields, fields) === null ? null : {}));
      const copies = Array.from({ length: defect.copies }, () =>
        change((fields) => defect.copy(original.fields, fields)),
      );
      const same = [original, ...copies];
      for (const entity of same) {
        expectFinding(
          defect,
          entity,
          same.filter((other) => other !== entity),
        );
      }
    }
  }

  function expectFinding(
    { ruleId, field, severity }: RecordDefect<T> | DuplicateDefect<T>,
    { entityType, fields }: DemoEntity<T>,
    related: readonly DemoEntity<T>[],
  ): void {
    const relatedExternalIds = related.map((entity) => entity.fields.externalId).sort();
    const { externalId } = fields;
    planted.push({ entityType, externalId, ruleId, field, severity, relatedExternalIds });
  }

  for (const defect of defects.records) plantRecordDefect(defect);
  for (const defect of defects.duplicates) plantDuplicates(defect);
  return { changes, planted };
}

/** Fisher and Yates' shuffle, of a copy. */
function shuffle<T>(random: SeededRandom, list: readonly T[]): T[] {
  const rest = [...list];
  return list.flatMap(() => rest.splice(random.between(0, rest.length - 1), 1));
}
