import { entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';

/** An entity always has a kind or status, and a reference may be given in another column. */
const NEVER_ERASED = ['kind', 'status', 'ownerId', 'siteId'];

/**
 * The fields that a row erases where blanks are to.
 *
 * @param isGiven - whether a field is among those of the row, be it blank
 */
export function erasedFields(
  entityType: EntityType,
  data: Readonly<Record<string, unknown>>,
  isGiven: (field: string) => boolean,
): readonly string[] {
  return entityColumns(entityType)
    .map(({ field }) => field)
    .filter((field) => isGiven(field) && !NEVER_ERASED.includes(field))
    .filter((field) => String(data[field] ?? '').trim() === '');
}
