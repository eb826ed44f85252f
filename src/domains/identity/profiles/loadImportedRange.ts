import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { EntityType } from '../rules/entities.ts';
import { ENTITY_TABLES } from './entityTables.ts';
import { parseFields, UnreadableValueError } from './parseFields.ts';
import type { LoadedRange, LoadedRecord, RowRange, UnreadableRecord } from './profile.ts';

/** Under this key of its data, a reader says why it could not read a row. */
export const UNREADABLE_ROW = 'unreadable';

interface ImportedRow {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly rawData: Readonly<Record<string, unknown>>;
}

function toRecord(
  { rowIndex, entityType, rawData }: ImportedRow,
  rowsNameTheirIds: boolean,
): LoadedRecord {
  const problem = rawData[UNREADABLE_ROW];
  if (typeof problem === 'string') throw new UnreadableValueError(problem);
  const entityId = rowsNameTheirIds ? String(rawData.id) : null;
  const keys = { rowIndex, entityId, entityVersion: null };
  if (entityType === 'contact')
    return { entityType, ...keys, entity: parseFields(entityType, rawData) };
  if (entityType === 'site')
    return { entityType, ...keys, entity: parseFields(entityType, rawData) };
  return { entityType, ...keys, entity: parseFields(entityType, rawData) };
}

interface Reference {
  readonly field: 'ownerId' | 'siteId';
  readonly entityType: EntityType;
  readonly id: string;
}

function referenceOf(record: LoadedRecord): Reference | null {
  if (record.entityType === 'site' && record.entity.ownerId !== null) {
    return { field: 'ownerId', entityType: 'contact', id: record.entity.ownerId };
  }
  if (record.entityType === 'device' && record.entity.siteId !== null) {
    return { field: 'siteId', entityType: 'site', id: record.entity.siteId };
  }
  return null;
}

/** The ids among those referred to that the workspace has, so that promotion can't break on them. */
async function existingIds(
  client: ClientBase,
  workspaceId: string,
  references: readonly Reference[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const entityType of ['contact', 'site'] as const) {
    const ids = references.filter((to) => to.entityType === entityType).map((to) => to.id);
    if (ids.length === 0) continue;
    const { rows } = await client.query<{ id: string }>(sql`
      SELECT id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])`);
    for (const row of rows) found.add(row.id);
  }
  return found;
}

/**
 * Loads imported rows as the entities they would become.
 *
 * @param rowsNameTheirIds - whether `id` in a row's data is to be the entity's id; never for rows
 *   from outside
 */
export async function loadImportedRange(
  client: ClientBase,
  range: RowRange,
  rowsNameTheirIds = false,
): Promise<LoadedRange> {
  const { rows } = await client.query<ImportedRow>(sql`
    SELECT row_index AS "rowIndex", entity_type AS "entityType", raw_data AS "rawData"
    FROM staged_record
    WHERE batch_id = ${range.batchId}
      AND row_index >= ${range.firstRow} AND row_index < ${range.endRow}
    ORDER BY row_index`);
  const unreadable: UnreadableRecord[] = [];
  const parsed: LoadedRecord[] = [];
  for (const row of rows) {
    try {
      parsed.push(toRecord(row, rowsNameTheirIds));
    } catch (error) {
      if (!(error instanceof UnreadableValueError)) throw error;
      unreadable.push({ rowIndex: row.rowIndex, reason: error.message });
    }
  }
  const references = parsed.flatMap((record) => referenceOf(record) ?? []);
  const existing = await existingIds(client, range.workspaceId, references);
  const records = parsed.filter((record) => {
    const reference = referenceOf(record);
    if (reference === null || existing.has(reference.id.toLowerCase())) return true;
    const reason = `${reference.field}: this workspace has no ${reference.entityType} ${reference.id}.`;
    unreadable.push({ rowIndex: record.rowIndex, reason });
    return false;
  });
  return { records, unreadable };
}
