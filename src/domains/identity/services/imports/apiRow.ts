import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import type { EntityType } from '../../rules/entities.ts';
import { entityTypeNamed, unknownEntityType } from './entityTypeNamed.ts';
import { importFieldsOfAll } from './mapping/importFields.ts';

/** A row that came over the API, as it is staged, and kept: keys that are no fields under `unmapped`. */
export function apiRow(row: object, entityType: EntityType): StagedRow {
  const fields = new Set(importFieldsOfAll(entityType));
  const data: Record<string, unknown> = {};
  const unmapped: [string, unknown][] = [];
  for (const [key, value] of Object.entries(row)) {
    if (fields.has(key)) data[key] = value;
    else unmapped.push([key, value]);
  }
  if (unmapped.length > 0) data.unmapped = Object.fromEntries(unmapped);
  const { entityType: name = null } = data;
  if (name === null || name === '') return { entityType, rawData: data };
  const named = entityTypeNamed(name);
  if (named !== null) return { entityType: named, rawData: data };
  const raw = JSON.stringify(row);
  return { entityType, rawData: { [UNREADABLE_ROW]: unknownEntityType(name), raw } };
}
