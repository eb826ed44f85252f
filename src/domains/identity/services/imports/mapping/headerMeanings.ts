import { ENTITY_TYPES, type EntityType } from '../../../rules/entities.ts';
import { CONTACT_NAMES, FIELD_SYNONYMS } from './fieldSynonyms.ts';
import { headerName } from './headerName.ts';
import { importFields } from './importFields.ts';

/** The field that a header means, and how surely: 0 is the field's own name, the least is best. */
export interface Meaning {
  readonly field: string;
  readonly rank: number;
}

/** What "ID" means where the cells are none of this product's: the least sure of all. */
export const FOREIGN_ID: Meaning = { field: 'externalId', rank: Number.MAX_SAFE_INTEGER };

/** By {@link headerName}. */
type Meanings = ReadonlyMap<string, Meaning>;

function meaningsOf(entityType: EntityType): Meanings {
  const fields = importFields(entityType);
  const synonyms = fields.flatMap((field) =>
    (FIELD_SYNONYMS[entityType][field] ?? []).map(
      (header, index) => [headerName(header), { field, rank: index + 1 }] as const,
    ),
  );
  const names = fields.map((field) => [headerName(field), { field, rank: 0 }] as const);
  return new Map([...synonyms.toReversed(), ...names]);
}

const ofTypes = {
  contact: meaningsOf('contact'),
  site: meaningsOf('site'),
  device: meaningsOf('device'),
};

/** What headers mean in files of a type, and in those whose rows are of several. */
export const FIELD_MEANINGS: { readonly [T in EntityType | 'all']: Meanings } = {
  ...ofTypes,
  all: new Map(ENTITY_TYPES.flatMap((type) => [...ofTypes[type]])),
};

/** What headers mean because of what other columns fill. */
export function meaningsBeside(entityType: EntityType, filled: ReadonlySet<string>): Meanings {
  if (entityType !== 'contact') return new Map();
  return new Map(
    CONTACT_NAMES.filter(({ beside }) => filled.has(beside)).map(({ header, field }) => [
      headerName(header),
      { field, rank: 1 },
    ]),
  );
}
