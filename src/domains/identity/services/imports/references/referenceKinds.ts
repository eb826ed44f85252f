import sql, { type Sql } from 'sql-template-tag';
import type { EngineRule } from '../../../rules/engineRuleFailed.ts';
import {
  deviceSiteAwaited,
  deviceSiteUnresolved,
  siteOwnerAwaited,
  siteOwnerUnresolved,
} from '../../../rules/referenceRules.ts';

/** A column by which a row may refer to an entity. */
export interface ReferenceColumn {
  /** Its name in a row's data. */
  readonly name: string;
  /** What the row `r` says, as it is compared; null where it says nothing. */
  readonly given: Sql;
  /** Whether an active entity is among the `keys`; there is an index for it. */
  readonly isAmong: (keys: readonly string[]) => Sql;
  /** What an entity has. */
  readonly key: Sql;
  /** Whether an entity has none of it. */
  readonly isBlank: Sql;
  /** What a row `r` under review brings; null where rows bring no such thing. */
  readonly coming: Sql | null;
  /** Completes "No active site has …". */
  readonly told: (given: string) => string;
}

/** How the rows of a type refer to entities of another. */
export interface ReferenceKind {
  readonly entityType: 'site' | 'device';
  readonly field: 'ownerId' | 'siteId';
  readonly to: 'contact' | 'site';
  /** Those that say more come first. */
  readonly columns: readonly ReferenceColumn[];
  readonly unresolved: EngineRule;
  readonly awaited: EngineRule;
}

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Whether a row `r` that has something in a field for ids has an id there: all else can't be read. */
export function isReadable(field: ReferenceKind['field']): Sql {
  return sql`coalesce(lower(btrim(r.raw_data->>${field})) ~ ${`${UUID}|^$`}, true)`;
}

function byId(name: string): ReferenceColumn {
  return {
    name,
    given: sql`nullif(lower(btrim(r.raw_data->>${name})), '')`,
    isAmong: (keys) => sql`id = ANY (${keys}::uuid[])`,
    key: sql`id::text`,
    isBlank: sql`false`,
    coming: null,
    told: (given) => `the id ${given}`,
  };
}

function byExternalId(name: string): ReferenceColumn {
  return {
    name,
    given: sql`nullif(btrim(r.raw_data->>${name}), '')`,
    isAmong: (keys) => sql`external_id = ANY (${keys}::text[])`,
    key: sql`external_id`,
    isBlank: sql`external_id IS NULL`,
    coming: sql`nullif(btrim(r.raw_data->>'externalId'), '')`,
    told: (given) => `the external id "${given}"`,
  };
}

function byText(
  name: string,
  told: string,
  { key, coming, isBlank }: Pick<ReferenceColumn, 'key' | 'coming' | 'isBlank'>,
): ReferenceColumn {
  return {
    ...{ name, key, coming, isBlank },
    given: sql`reference_key(r.raw_data->>${name})`,
    isAmong: (keys) => sql`NOT (${isBlank}) AND ${key} = ANY (${keys}::text[])`,
    told: () => told,
  };
}

/** The expressions are those of the indexes `*_reference`. */
export const REFERENCE_KINDS: readonly ReferenceKind[] = [
  {
    entityType: 'site',
    field: 'ownerId',
    to: 'contact',
    columns: [
      byId('ownerId'),
      byExternalId('ownerExternalId'),
      byText('ownerEmail', 'this e-mail address', {
        key: sql`reference_key(email)`,
        isBlank: sql`email IS NULL`,
        coming: sql`reference_key(r.raw_data->>'email')`,
      }),
      byText('ownerName', 'this name', {
        key: sql`reference_key(coalesce(organisation_name, coalesce(given_name, '') || ' ' || coalesce(family_name, '')))`,
        isBlank: sql`false`,
        coming: sql`reference_key(coalesce(nullif(btrim(r.raw_data->>'organisationName'), ''),
          coalesce(r.raw_data->>'givenName', '') || ' ' || coalesce(r.raw_data->>'familyName', '')))`,
      }),
    ],
    unresolved: siteOwnerUnresolved,
    awaited: siteOwnerAwaited,
  },
  {
    entityType: 'device',
    field: 'siteId',
    to: 'site',
    columns: [
      byId('siteId'),
      byExternalId('siteExternalId'),
      byText('siteName', 'this name', {
        key: sql`reference_key(name)`,
        isBlank: sql`name IS NULL`,
        coming: sql`reference_key(r.raw_data->>'name')`,
      }),
    ],
    unresolved: deviceSiteUnresolved,
    awaited: deviceSiteAwaited,
  },
];
