import { describe, expect, it } from 'vitest';
import {
  ENTITY_TYPES,
  type EntityType,
} from '../../../../../../src/domains/identity/rules/entities.ts';
import { FIELD_SYNONYMS } from '../../../../../../src/domains/identity/services/imports/mapping/fieldSynonyms.ts';
import { headerName } from '../../../../../../src/domains/identity/services/imports/mapping/headerName.ts';
import { importFields } from '../../../../../../src/domains/identity/services/imports/mapping/importFields.ts';

function headersOf(entityType: EntityType): readonly (readonly [string, string])[] {
  return importFields(entityType).flatMap((field) =>
    [field, ...(FIELD_SYNONYMS[entityType][field] ?? [])].map(
      (header) => [headerName(header), field] as const,
    ),
  );
}

describe.each(ENTITY_TYPES)('the headers of a %s', (entityType) => {
  it('mean one field each', () => {
    const fields = Map.groupBy(headersOf(entityType), ([header]) => header);
    const several = [...fields].filter(
      ([, meanings]) => new Set(meanings.map(([, field]) => field)).size > 1,
    );
    expect(several).toEqual([]);
  });

  it('are for fields that there are', () => {
    const fields = importFields(entityType);
    expect(
      Object.keys(FIELD_SYNONYMS[entityType]).filter((name) => !fields.includes(name)),
    ).toEqual([]);
  });
});
