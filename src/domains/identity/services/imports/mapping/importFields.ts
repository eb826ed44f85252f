import { entityColumns } from '../../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../../rules/entities.ts';

/** What a row may say in place of the id of what it refers to. */
const REFERENCE_COLUMNS: { readonly [T in EntityType]: readonly string[] } = {
  contact: [],
  site: ['ownerExternalId', 'ownerEmail', 'ownerName'],
  device: ['siteExternalId', 'siteName'],
};

/** The fields that the columns of a file may fill, of rows of a type. */
export function importFields(entityType: EntityType): readonly string[] {
  return [
    ...entityColumns(entityType).map(({ field }) => field),
    ...REFERENCE_COLUMNS[entityType],
    ...['id', 'entityType'],
  ];
}

/** The fields of rows of any type, each once; those of the given type first. */
export function importFieldsOfAll(first: EntityType): readonly string[] {
  return [...new Set([first, ...ENTITY_TYPES].flatMap(importFields))];
}
