import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES, fieldsAsJson } from '../../../profiles/entityTables.ts';
import {
  readValueFormats,
  toCanonicalRow,
  type ValueFormats,
} from '../../../profiles/formats/valueFormats.ts';
import type { MatchedEntity } from '../../../profiles/matchedEntities.ts';
import { parseFields, UnreadableValueError } from '../../../profiles/parseFields.ts';
import type { EntityType, FieldsByType } from '../../../rules/entities.ts';
import type { RuleContext } from '../../../rules/rule.ts';
import { compareStrongly, strongKeys } from '../../../rules/strongKeys.ts';
import type { StagedBatch } from '../../staging/stagedBatch.ts';
import { type ImportedRows, isAmong } from './importedRows.ts';
import { CANDIDATE_REASONS, type MatchCandidate, MOST_CANDIDATES } from './matchCandidate.ts';
import { hashOfKey } from './matchKeys.ts';

type Batch = Pick<StagedBatch, 'id' | 'workspaceId'>;

/**
 * Matches rows that neither an id nor an external id has matched with the entities that have what
 * identifies them. One entity that is the same is updated; where there are several, or it is not
 * plain, people choose.
 *
 * @param batch - whose workspace's match keys are up to date
 */
export async function matchByKeys<T extends EntityType>(
  client: ClientBase,
  batch: Batch,
  rows: ImportedRows,
  entityType: T,
  context: RuleContext,
): Promise<void> {
  const keyed = await readKeyedRows(client, batch, rows, entityType, context);
  if (keyed.length === 0) return;
  const idsByKey = await findByKeys(client, batch, entityType, keyed);
  if (idsByKey.size === 0) return;
  const entities = await readEntities(client, batch, entityType, idsByKey);
  const matches = keyed.flatMap((row) => {
    const ids = new Set(row.hashes.flatMap((hash) => idsByKey.get(hash) ?? []));
    const found = [...ids].flatMap((id) => entities.get(id) ?? []);
    const match = matchOf(entityType, row, found, context);
    return match === null ? [] : [match];
  });
  await keepMatches(client, batch.id, matches);
}

interface KeyedRow<T extends EntityType> {
  readonly rowIndex: number;
  readonly entity: FieldsByType[T];
  readonly keys: readonly string[];
  readonly hashes: readonly string[];
}

async function readKeyedRows<T extends EntityType>(
  client: ClientBase,
  { id }: Batch,
  rows: ImportedRows,
  entityType: T,
  context: RuleContext,
): Promise<readonly KeyedRow<T>[]> {
  const { rows: staged } = await client.query<{
    rowIndex: number;
    rawData: Readonly<Record<string, unknown>>;
  }>(sql`
    SELECT r.row_index AS "rowIndex", r.raw_data AS "rawData" FROM staged_record r
    LEFT JOIN staged_record_state s ON s.batch_id = r.batch_id AND s.row_index = r.row_index
      AND s.batch_id = ${id} AND ${isAmong(sql`s`, rows)} AND s.match_kind IS NOT NULL
    WHERE r.batch_id = ${id} AND ${isAmong(sql`r`, rows)} AND s.row_index IS NULL
      AND r.entity_type = ${entityType}::entity_type
      AND (r.raw_data->>'id' ~ '\\S') IS NOT TRUE
    ORDER BY r.row_index`);
  const formats = await readValueFormats(client, id);
  return staged.flatMap(({ rowIndex, rawData }) => {
    const entity = readable(entityType, rawData, formats);
    const keys = entity === null ? [] : strongKeys(entityType, entity, context);
    if (entity === null || keys.length === 0) return [];
    return [{ rowIndex, entity, keys, hashes: keys.map(hashOfKey) }];
  });
}

/** Null for a row that turns out to be INVALID when it is checked. */
function readable<T extends EntityType>(
  entityType: T,
  rawData: Readonly<Record<string, unknown>>,
  formats: ValueFormats | null,
): FieldsByType[T] | null {
  try {
    return parseFields(entityType, toCanonicalRow(entityType, rawData, formats));
  } catch (error) {
    if (error instanceof UnreadableValueError) return null;
    throw error;
  }
}

/** The primary key of the match keys narrows them to those of the rows. Of the many that share one, a few. */
async function findByKeys<T extends EntityType>(
  client: ClientBase,
  { workspaceId }: Batch,
  entityType: T,
  keyed: readonly KeyedRow<T>[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const hashes = [...new Set(keyed.flatMap((row) => row.hashes))];
  const { rows } = await client.query<{ key: string; ids: string[] }>(sql`
    SELECT key::text, (array_agg(entity_id))[1:${MOST_CANDIDATES + 1}] AS ids
    FROM entity_match_key
    WHERE workspace_id = ${workspaceId} AND entity_type = ${entityType}::entity_type
      AND key = ANY (${hashes}::bigint[])
    GROUP BY key`);
  return new Map(rows.map(({ key, ids }) => [key, ids]));
}

async function readEntities<T extends EntityType>(
  client: ClientBase,
  { workspaceId }: Batch,
  entityType: T,
  idsByKey: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, MatchedEntity<T>>> {
  const ids = [...new Set([...idsByKey.values()].flat())];
  const { rows } = await client.query<MatchedEntity<T>>(sql`
    SELECT id, version, ${raw(fieldsAsJson(entityType, 'e'))} AS entity
    FROM ${raw(ENTITY_TABLES[entityType])} e
    WHERE id = ANY (${ids}::uuid[]) AND workspace_id = ${workspaceId} AND state = 'ACTIVE'`);
  return new Map(rows.map((entity) => [entity.id, entity]));
}

/** What a row is to production. */
interface KeyMatch {
  readonly rowIndex: number;
  /** Null where people choose. */
  readonly matched: { readonly id: string; readonly version: number } | null;
  readonly candidates: readonly MatchCandidate[] | null;
}

function matchOf<T extends EntityType>(
  entityType: T,
  { rowIndex, entity, keys }: KeyedRow<T>,
  found: readonly MatchedEntity<T>[],
  context: RuleContext,
): KeyMatch | null {
  const judged = found
    .filter((other) => strongKeys(entityType, other.entity, context).some((k) => keys.includes(k)))
    .map((other) => ({
      ...other,
      likeness: compareStrongly(entityType, entity, other.entity),
      isOther: contradicts(entity.externalId, other.entity.externalId),
    }))
    .filter(({ likeness }) => likeness !== 'OTHER');
  if (judged.length === 0) return null;
  const same = judged.filter(({ likeness, isOther }) => likeness === 'SAME' && !isOther);
  const [only] = same;
  if (only && same.length === 1) return { rowIndex, matched: only, candidates: null };
  const candidates = (same.length > 0 ? same : judged).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    rowIndex,
    matched: null,
    candidates: candidates.slice(0, MOST_CANDIDATES).map(({ id, likeness, isOther }) => ({
      entityId: id,
      reason: reasonOf(likeness === 'SAME', isOther),
      explanation: null,
    })),
  };
}

function reasonOf(isSame: boolean, isOther: boolean): string {
  if (isOther) return CANDIDATE_REASONS.otherExternalId;
  return isSame ? CANDIDATE_REASONS.severalKeys : CANDIDATE_REASONS.uncertain;
}

/** Whether two external ids say that these are two entities. */
function contradicts(one: string | null, other: string | null): boolean {
  return Boolean(one?.trim()) && Boolean(other?.trim()) && one !== other;
}

async function keepMatches(
  client: ClientBase,
  batchId: string,
  matches: readonly KeyMatch[],
): Promise<void> {
  if (matches.length === 0) return;
  const candidates = matches.map((match) => match.candidates && JSON.stringify(match.candidates));
  await client.query(sql`
    INSERT INTO staged_record_state
      (batch_id, row_index, matched_id, base_version, match_kind, match_by, candidates)
    SELECT ${batchId}::uuid, m.row_index, m.id, m.version,
           CASE WHEN m.id IS NULL THEN 'AMBIGUOUS' ELSE 'UPDATE' END::match_kind, 'STRONG_KEY',
           m.candidates::jsonb
    FROM unnest(${matches.map(({ rowIndex }) => rowIndex)}::int[],
                ${matches.map(({ matched }) => matched?.id ?? null)}::uuid[],
                ${matches.map(({ matched }) => matched?.version ?? null)}::int[],
                ${candidates}::text[]) AS m(row_index, id, version, candidates)
    ORDER BY m.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET matched_id = excluded.matched_id,
      base_version = excluded.base_version, match_kind = excluded.match_kind,
      match_by = excluded.match_by, candidates = excluded.candidates`);
}
