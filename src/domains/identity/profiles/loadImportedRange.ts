import type { ClientBase } from 'pg';
import sql, { empty, raw } from 'sql-template-tag';
import type { EntityType, FieldsByType } from '../rules/entities.ts';
import { ENTITY_TABLES } from './entityTables.ts';
import { readValueFormats, toCanonicalRow, type ValueFormats } from './formats/valueFormats.ts';
import { loadMatchedEntities } from './matchedEntities.ts';
import { parseFields, parseGivenFields, parseId, UnreadableValueError } from './parseFields.ts';
import type { LoadedPage, LoadedRecord, RowRange, UnreadableRecord } from './profile.ts';
import { type RowReferences, withReference } from './rowReference.ts';

/** Under this key of its data, a reader says why it could not read a row. */
export const UNREADABLE_ROW = 'unreadable';

interface ImportedRow {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly rawData: Readonly<Record<string, unknown>>;
}

interface ParsedRows {
  readonly contact: LoadedRecord<'contact'>[];
  readonly site: LoadedRecord<'site'>[];
  readonly device: LoadedRecord<'device'>[];
  readonly unreadable: UnreadableRecord[];
}

/**
 * Loads imported rows as the entities they would become: new ones, or those that they match with what
 * the rows say of them.
 *
 * @param rowsNameTheirIds - whether `id` in a row's data is to be the entity's id; never for rows
 *   from outside
 */
export async function* loadImportedRange(
  client: ClientBase,
  range: RowRange,
  rowsNameTheirIds = false,
): AsyncGenerator<LoadedPage> {
  const { rowIndexes, entityType, references } = range;
  const isNamed = rowIndexes ? sql`AND row_index = ANY (${rowIndexes}::int[])` : empty;
  const formats = await readValueFormats(client, range.batchId);
  const isOfType = entityType ? sql`AND entity_type = ${entityType}::entity_type` : empty;
  const { rows: asTheyCame } = await client.query<ImportedRow>(sql`
    SELECT row_index AS "rowIndex", entity_type AS "entityType", raw_data AS "rawData"
    FROM staged_record
    WHERE batch_id = ${range.batchId}
      AND row_index >= ${range.firstRow} AND row_index < ${range.endRow} ${isNamed} ${isOfType}
    ORDER BY row_index`);
  const rows = asTheyCame.map((row) => {
    const read = toCanonical(row, formats);
    return { ...read, rawData: withReference(read.rawData, references?.get(row.rowIndex)) };
  });
  const { contact, site, device, unreadable } = parseRows(rows, rowsNameTheirIds);
  const match = <T extends EntityType>(entityType: T, records: LoadedRecord<T>[]) =>
    rowsNameTheirIds ? asNew(records) : withMatches(client, range, entityType, records, rows);
  const contacts = await match('contact', contact);
  yield {
    ...{ entityType: 'contact', records: contacts.records, unchanged: contacts.unchanged },
    unreadable: [...unreadable, ...contacts.unreadable],
  };
  const sites = await match('site', site);
  const resolvedSites = await keepResolvable(client, range.workspaceId, sites, {
    field: 'ownerId',
    to: 'contact',
    idOf: ({ entity }) => entity.ownerId,
  });
  yield {
    ...{ entityType: 'site', unchanged: sites.unchanged, unreadable: resolvedSites.unreadable },
    records: asGiven(resolvedSites.records, references),
  };
  const devices = await match('device', device);
  const resolvedDevices = await keepResolvable(client, range.workspaceId, devices, {
    field: 'siteId',
    to: 'site',
    idOf: ({ entity }) => entity.siteId,
  });
  yield {
    ...{ entityType: 'device', unchanged: devices.unchanged },
    unreadable: resolvedDevices.unreadable,
    records: asGiven(resolvedDevices.records, references),
  };
}

/** A row with a date or number that is written in another way is one that can't be read. */
function toCanonical(row: ImportedRow, formats: ValueFormats | null): ImportedRow {
  try {
    return { ...row, rawData: toCanonicalRow(row.entityType, row.rawData, formats) };
  } catch (error) {
    if (!(error instanceof UnreadableValueError)) throw error;
    return { ...row, rawData: { [UNREADABLE_ROW]: error.message } };
  }
}

/** To rules, what a row refers to is there, though it can't be told what it is. */
function asGiven<T extends EntityType>(
  records: LoadedRecord<T>[],
  references: RowReferences | undefined,
): LoadedRecord<T>[] {
  if (references === undefined) return records;
  return records.map((record) => {
    const { field, problem } = references.get(record.rowIndex) ?? {};
    if (!field || !problem) return record;
    return { ...record, entity: { ...record.entity, [field]: problem.given } };
  });
}

function parseRows(rows: readonly ImportedRow[], rowsNameTheirIds: boolean): ParsedRows {
  const parsed: ParsedRows = { contact: [], site: [], device: [], unreadable: [] };
  for (const row of rows) {
    try {
      parseRow(row, rowsNameTheirIds, parsed);
    } catch (error) {
      if (!(error instanceof UnreadableValueError)) throw error;
      parsed.unreadable.push({ rowIndex: row.rowIndex, reason: error.message });
    }
  }
  return parsed;
}

/** @throws {@link UnreadableValueError} when the row, or a value in it, can't be read */
function parseRow(
  { rowIndex, entityType, rawData }: ImportedRow,
  rowsNameTheirIds: boolean,
  into: ParsedRows,
): void {
  const problem = rawData[UNREADABLE_ROW];
  if (typeof problem === 'string') throw new UnreadableValueError(problem);
  const entityId = rowsNameTheirIds ? String(rawData.id) : null;
  // What is no id at all is told with all else that can't be read.
  if (!rowsNameTheirIds) parseId(rawData);
  const record = { rowIndex, entityId, entityVersion: null };
  switch (entityType) {
    case 'contact':
      into.contact.push({ ...record, entity: parseFields(entityType, rawData) });
      break;
    case 'site':
      into.site.push({ ...record, entity: parseFields(entityType, rawData) });
      break;
    case 'device':
      into.device.push({ ...record, entity: parseFields(entityType, rawData) });
      break;
  }
}

/** Rows with what they match. */
interface MatchedRows<T extends EntityType> {
  /** Those that bring something. */
  readonly records: LoadedRecord<T>[];
  readonly unreadable: UnreadableRecord[];
  readonly unchanged: number[];
}

function asNew<T extends EntityType>(records: LoadedRecord<T>[]): MatchedRows<T> {
  return { records, unreadable: [], unchanged: [] };
}

/** Records that match an entity stand for it, as it would be with what their rows say. */
async function withMatches<T extends EntityType>(
  client: ClientBase,
  range: RowRange,
  entityType: T,
  records: LoadedRecord<T>[],
  rows: readonly ImportedRow[],
): Promise<MatchedRows<T>> {
  const rowIndexes = records.map(({ rowIndex }) => rowIndex);
  const matches = await loadMatchedEntities(client, entityType, range, rowIndexes);
  const rawData = new Map(rows.map((row) => [row.rowIndex, row.rawData]));
  const matched: MatchedRows<T> = asNew([]);
  for (const record of records) {
    const { rowIndex } = record;
    const raw = rawData.get(rowIndex) ?? {};
    const match = matches.entities.get(rowIndex);
    if (match === undefined) {
      const isMissing = parseId(raw) !== null && !matches.chosenAsNew.has(rowIndex);
      if (!isMissing) matched.records.push(record);
      else matched.unreadable.push({ rowIndex, reason: noSuchEntity(entityType, raw.id) });
      continue;
    }
    const entity = asImported(entityType, raw, match.entity);
    const isKnown = !range.references?.get(rowIndex)?.problem;
    if (isKnown && isSame(match.entity, entity)) matched.unchanged.push(rowIndex);
    else {
      matched.records.push({ ...record, entityId: match.id, entityVersion: match.version, entity });
    }
  }
  return matched;
}

/** The same for one of another workspace, which nobody learns of. */
function noSuchEntity(entityType: EntityType, id: unknown): string {
  return `id: this workspace has no active ${entityType} ${String(id).trim()}.`;
}

function isSame(one: object, other: object): boolean {
  return Object.entries(other).every(([field, value]) => Reflect.get(one, field) === value);
}

/**
 * The entity that an imported row becomes: one of its own, or that which it matches, with what the row
 * says of it.
 *
 * @throws {@link UnreadableValueError} when a value is not of its field's type
 */
export function asImported<T extends EntityType>(
  entityType: T,
  rawData: ImportedRow['rawData'],
  matched: FieldsByType[T] | undefined,
): FieldsByType[T] {
  if (matched === undefined) return parseFields(entityType, rawData);
  return { ...matched, ...parseGivenFields(entityType, rawData) };
}

interface Reference<T extends EntityType> {
  readonly field: string;
  readonly to: EntityType;
  readonly idOf: (record: LoadedRecord<T>) => string | null;
}

/** Sets records aside that refer to what the workspace doesn't have: promotion would break on them. */
async function keepResolvable<T extends EntityType>(
  client: ClientBase,
  workspaceId: string,
  { records: all, unreadable: unmatched }: MatchedRows<T>,
  { field, to, idOf }: Reference<T>,
): Promise<{ records: LoadedRecord<T>[]; unreadable: UnreadableRecord[] }> {
  const existing = await existingIds(
    client,
    workspaceId,
    to,
    all.flatMap((r) => idOf(r) ?? []),
  );
  const records: LoadedRecord<T>[] = [];
  const unreadable = [...unmatched];
  for (const record of all) {
    const id = idOf(record);
    if (id === null || existing.has(id.toLowerCase())) records.push(record);
    else {
      const reason = `${field}: this workspace has no ${to} ${id}.`;
      unreadable.push({ rowIndex: record.rowIndex, reason });
    }
  }
  return { records, unreadable };
}

async function existingIds(
  client: ClientBase,
  workspaceId: string,
  entityType: EntityType,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>(sql`
    SELECT id FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])`);
  return new Set(rows.map(({ id }) => id));
}
