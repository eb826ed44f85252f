import type { ClientBase, Pool } from 'pg';
import sql, { empty, join, raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../../profiles/entityTables.ts';
import { profileByName } from '../../../profiles/registry.ts';
import type { RowReference, RowReferences } from '../../../profiles/rowReference.ts';
import type { EntityType } from '../../../rules/entities.ts';
import { withoutNestedLoops } from '../../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from '../../staging/stagedBatch.ts';
import { type ImportedRows, isAmong } from '../matching/importedRows.ts';
import { type ComingRow, findComing } from './comingRows.ts';
import {
  isReadable,
  REFERENCE_KINDS,
  type ReferenceColumn,
  type ReferenceKind,
} from './referenceKinds.ts';

type Batch = Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>;

/**
 * Finds out what rows of an import refer to: the active entity that has what they say, in the column
 * that says most. Where none has it, a column that says less may name one, as long as that one has
 * nothing in the columns that say more. What can't be told is looked for among the records under
 * review, and comes with the reason.
 *
 * @param entityType - of the rows; those of all types where it is not given
 */
export async function resolveReferences(
  client: ClientBase,
  batch: Batch,
  rows: ImportedRows,
  entityType?: EntityType,
): Promise<RowReferences> {
  const references = new Map<number, RowReference>();
  if (!mayRefer(batch)) return references;
  for (const kind of REFERENCE_KINDS) {
    if (entityType !== undefined && kind.entityType !== entityType) continue;
    const given = await readGiven(client, batch.id, rows, kind);
    const found = await findMeant(client, batch.workspaceId, kind, given);
    const kept = await findKept(client, batch, kind, given, found);
    const unknown = given.filter(({ rowIndex }) => !found.has(rowIndex) && !kept.has(rowIndex));
    const coming = await withoutNestedLoops(client, () => findComing(client, batch, kind, unknown));
    for (const row of given) {
      const id = kept.get(row.rowIndex);
      references.set(
        row.rowIndex,
        id === undefined
          ? referenceOf(kind, row, found.get(row.rowIndex), coming)
          : { field: kind.field, id, problem: null },
      );
    }
  }
  return references;
}

/** What an imported row refers to, where it is in production. */
export type FoundReference = Pick<RowReference, 'field' | 'id'>;

/** A record, as one knows it who wants to know what it refers to. */
interface Referring {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly profile: string;
  readonly entityType: EntityType;
}

/**
 * What records refer to that is in production, with nothing said about what isn't.
 *
 * @returns one for each record, in their order; null for those that refer to nothing
 */
export async function findReferences(
  pool: Pool,
  records: readonly Referring[],
): Promise<readonly (FoundReference | null)[]> {
  const found = new Map<string, FoundReference>();
  const referring = records.filter((record) => mayRefer(record));
  for (const [id, ofBatch] of Map.groupBy(referring, ({ batchId }) => batchId)) {
    const { rows } = await pool.query<{ workspaceId: string }>(sql`
      SELECT workspace_id AS "workspaceId" FROM staged_batch WHERE id = ${id}`);
    if (rows[0] === undefined) continue;
    const { workspaceId } = rows[0];
    const rowIndexes = ofBatch.map(({ rowIndex }) => rowIndex);
    for (const kind of REFERENCE_KINDS) {
      if (ofBatch.every(({ entityType }) => entityType !== kind.entityType)) continue;
      const given = await readGiven(pool, id, { rowIndexes }, kind);
      const meant = await findMeant(pool, workspaceId, kind, given);
      for (const { rowIndex } of given) {
        const reference = { field: kind.field, id: meant.get(rowIndex)?.id ?? null };
        found.set(`${id} ${rowIndex}`, reference);
      }
    }
  }
  return records.map(({ batchId, rowIndex }) => found.get(`${batchId} ${rowIndex}`) ?? null);
}

/** Rows of the demo refer to each other by ids that the program has made. */
function mayRefer({ profile: name }: Pick<Batch, 'profile'>): boolean {
  const profile = profileByName(name);
  return profile.kind === 'import' && profile.matchesEntities;
}

/** What a row says of the entity that it refers to. */
export interface GivenReference {
  readonly rowIndex: number;
  /** As they are compared, for each column of the kind; null for a blank one. */
  readonly keys: readonly (string | null)[];
  /** As they came. */
  readonly texts: readonly (string | null)[];
}

async function readGiven(
  client: ClientBase | Pool,
  batchId: string,
  rows: ImportedRows,
  { entityType, field, columns }: ReferenceKind,
): Promise<readonly GivenReference[]> {
  const names = columns.map(({ name }) => name);
  const { rows: given } = await client.query<GivenReference>(sql`
    SELECT * FROM (
      SELECT r.row_index AS "rowIndex",
             ARRAY[${join(columns.map((column) => column.given))}] AS keys,
             ARRAY[${join(names.map((name) => sql`r.raw_data->>${name}`))}] AS texts
      FROM staged_record r
      WHERE r.batch_id = ${batchId} AND ${isAmong(sql`r`, rows)}
        AND r.entity_type = ${entityType}::entity_type AND r.raw_data ?| ${names}::text[]
        AND ${isReadable(field)}
    ) given
    WHERE num_nonnulls(VARIADIC keys) > 0 ORDER BY "rowIndex"`);
  return given;
}

/** Which entities have what a row says. */
interface Meant {
  /** The only one; null where there are several. */
  readonly id: string | null;
  readonly count: number;
  readonly column: ReferenceColumn;
}

/** Those of no row for which no entity is found. */
async function findMeant(
  client: ClientBase | Pool,
  workspaceId: string,
  kind: ReferenceKind,
  given: readonly GivenReference[],
): Promise<ReadonlyMap<number, Meant>> {
  const meant = new Map<number, Meant>();
  for (const [position, column] of kind.columns.entries()) {
    const asking = given.filter(
      ({ rowIndex, keys }) => keys[position] != null && !meant.has(rowIndex),
    );
    if (asking.length === 0) continue;
    const keys = new Set(asking.flatMap((row) => row.keys[position] ?? []));
    const holders = await findHolders(client, workspaceId, kind, position, [...keys]);
    for (const row of asking) {
      const agreeing = (holders.get(row.keys[position] ?? '') ?? []).filter(({ blanks }) =>
        blanks.every((isBlank, stronger) => isBlank || row.keys[stronger] === null),
      );
      const count = agreeing.reduce((sum, group) => sum + group.count, 0);
      const id = count === 1 ? (agreeing[0]?.id ?? null) : null;
      if (count > 0) meant.set(row.rowIndex, { id, count, column });
    }
  }
  return meant;
}

/** Active entities that have the same key, and are blank in the same columns that say more. */
interface Holders {
  readonly key: string;
  readonly id: string;
  readonly count: number;
  /** For each column that says more, whether they have none of it. */
  readonly blanks: readonly boolean[];
}

async function findHolders(
  client: ClientBase | Pool,
  workspaceId: string,
  { to, columns }: ReferenceKind,
  position: number,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Holders[]>> {
  const column = columns[position];
  if (column === undefined) return new Map();
  const stronger = columns.slice(0, position).map(({ isBlank }) => isBlank);
  const { rows } = await client.query<Holders>(sql`
    SELECT ${column.key} AS key, ARRAY[${stronger.length > 0 ? join(stronger) : empty}]::boolean[] AS blanks,
           (array_agg(id))[1] AS id, count(*)::int AS count
    FROM ${raw(ENTITY_TABLES[to])}
    WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE' AND ${column.isAmong(keys)}
    GROUP BY 1, 2`);
  return Map.groupBy(rows, ({ key }) => key);
}

/**
 * Ids that are no active entity's, of rows whose own entities refer to these already: nothing would
 * change.
 */
async function findKept(
  client: ClientBase,
  batch: Batch,
  { entityType, field }: ReferenceKind,
  given: readonly GivenReference[],
  found: ReadonlyMap<number, Meant>,
): Promise<ReadonlyMap<number, string>> {
  const open = given.filter(({ rowIndex, keys }) => keys[0] != null && !found.has(rowIndex));
  if (open.length === 0) return new Map();
  const { rows } = await client.query<{ rowIndex: number; id: string }>(sql`
    SELECT s.row_index AS "rowIndex", e.${raw(REFERENCE_COLUMNS[field])}::text AS id
    FROM staged_record_state s
    JOIN ${raw(ENTITY_TABLES[entityType])} e ON e.id = s.matched_id
    WHERE s.batch_id = ${batch.id} AND s.row_index = ANY (${open.map((row) => row.rowIndex)}::int[])
      AND e.workspace_id = ${batch.workspaceId}`);
  const present = new Map(rows.map(({ rowIndex, id }) => [rowIndex, id]));
  return new Map(
    open.flatMap(({ rowIndex, keys }) => {
      const id = keys[0];
      return id != null && present.get(rowIndex) === id ? [[rowIndex, id] as const] : [];
    }),
  );
}

const REFERENCE_COLUMNS = { ownerId: 'owner_id', siteId: 'site_id' } as const;

function referenceOf(
  kind: ReferenceKind,
  row: GivenReference,
  meant: Meant | undefined,
  coming: ReadonlyMap<number, ComingRow>,
): RowReference {
  const { field, to } = kind;
  if (meant?.id) return { field, id: meant.id, problem: null };
  const position = row.keys.findIndex((key) => key !== null);
  const given = row.texts[position]?.trim() ?? '';
  const told = kind.columns[position]?.told(given) ?? '';
  if (meant) {
    const says = meant.column.told(row.texts[kind.columns.indexOf(meant.column)]?.trim() ?? '');
    const message = `${meant.count} active ${to}s have ${says}.`;
    return { field, id: null, problem: { rule: kind.unresolved, given, message } };
  }
  const expected = coming.get(row.rowIndex);
  if (expected === undefined) {
    const message = `No active ${to} has ${told}.`;
    return { field, id: null, problem: { rule: kind.unresolved, given, message } };
  }
  const { rowIndex, otherBatch } = expected;
  const source = otherBatch === null ? 'this batch' : `the batch "${otherBatch}"`;
  const message = `No active ${to} has ${told} yet. Record ${rowIndex} of ${source} brings it: it is linked when that is promoted.`;
  return { field, id: null, problem: { rule: kind.awaited, given, message } };
}
