import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import { ERASED_FIELDS } from '../../profiles/parseFields.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import type { EntityType } from '../../rules/entities.ts';
import { entityTypeNamed, unknownEntityType } from './entityTypeNamed.ts';
import { erasedFields } from './erasedFields.ts';
import { importFieldsOfAll } from './mapping/importFields.ts';

/**
 * A row that came over the API, as it is staged, and kept: keys that are no fields under `unmapped`.
 *
 * @param blankErases - whether its blank fields erase what an entity has there
 */
export function apiRow(row: object, entityType: EntityType, blankErases: boolean): StagedRow {
  const fields = new Set(importFieldsOfAll(entityType));
  const data: Record<string, unknown> = {};
  const unmapped: [string, unknown][] = [];
  for (const [key, value] of Object.entries(row)) {
    if (fields.has(key)) data[key] = value;
    else unmapped.push([key, value]);
  }
  if (unmapped.length > 0) data.unmapped = Object.fromEntries(unmapped);
  const { entityType: name = null, unmapped: _, ...values } = data;
  const named = name === null || name === '' ? entityType : entityTypeNamed(name);
  if (named === null) {
    return { entityType, rawData: { ...data, [UNREADABLE_ROW]: unknownEntityType(name) } };
  }
  if (Object.values(values).every(isBlank)) {
    return { entityType: named, rawData: { ...data, [UNREADABLE_ROW]: 'No field has a value.' } };
  }
  if (blankErases) {
    const erased = erasedFields(named, data, (field) => Object.hasOwn(data, field));
    if (erased.length > 0) data[ERASED_FIELDS] = erased;
  }
  return { entityType: named, rawData: data };
}

function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}
