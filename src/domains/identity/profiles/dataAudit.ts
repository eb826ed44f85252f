import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { EntityType, FieldsByType } from '../rules/entities.ts';
import { ENTITY_TABLES, selectFields } from './entityTables.ts';
import type {
  AuditProfile,
  LoadedRange,
  LoadedRecord,
  RowRange,
  UnreadableRecord,
} from './profile.ts';

/** A staged row of an audit with the entity it stands for. */
export type AuditedRow<T extends EntityType> = FieldsByType[T] & {
  readonly rowIndex: number;
  readonly entityId: string;
  /** Null when the entity is not, or no longer, an active one of this workspace. */
  readonly entityVersion: number | null;
};

/**
 * Loads the entities of one type that the rows of a range stand for. The join is by the batch's
 * workspace, whatever a row's data says.
 */
export async function loadAuditedRows<T extends EntityType>(
  client: ClientBase,
  entityType: T,
  range: RowRange,
): Promise<readonly AuditedRow<T>[]> {
  const { rows } = await client.query<AuditedRow<T>>(sql`
    SELECT r.row_index AS "rowIndex", r.entity_id AS "entityId", e.version AS "entityVersion",
           ${selectFields(entityType, 'e')}
    FROM staged_record r
    LEFT JOIN ${raw(ENTITY_TABLES[entityType])} e
      ON e.id = r.entity_id AND e.workspace_id = ${range.workspaceId} AND e.state = 'ACTIVE'
    WHERE r.batch_id = ${range.batchId}
      AND r.row_index >= ${range.firstRow} AND r.row_index < ${range.endRow}
      AND r.entity_type = ${entityType}
    ORDER BY r.row_index`);
  return rows;
}

const GONE = 'The entity is no longer an active one of this workspace.';

async function loadRange(client: ClientBase, range: RowRange): Promise<LoadedRange> {
  const records: LoadedRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  const load = async <T extends EntityType>(
    entityType: T,
    toRecord: (row: AuditedRow<T>) => LoadedRecord,
  ): Promise<void> => {
    for (const row of await loadAuditedRows(client, entityType, range)) {
      if (row.entityVersion === null) unreadable.push({ rowIndex: row.rowIndex, reason: GONE });
      else records.push(toRecord(row));
    }
  };
  await load('contact', (entity) => ({ entityType: 'contact', ...keysOf(entity), entity }));
  await load('site', (entity) => ({ entityType: 'site', ...keysOf(entity), entity }));
  await load('device', (entity) => ({ entityType: 'device', ...keysOf(entity), entity }));
  return { records, unreadable };
}

function keysOf(row: AuditedRow<EntityType>): {
  rowIndex: number;
  entityId: string;
  entityVersion: number | null;
} {
  return { rowIndex: row.rowIndex, entityId: row.entityId, entityVersion: row.entityVersion };
}

/** Everything a workspace already has, looked at again. */
export const dataAudit: AuditProfile = {
  kind: 'audit',
  name: 'dataAudit',
  sourceTypes: ['DATA_AUDIT'],
  checksRecords: true,
  entityIdOf: (row) => String(row.rawData.entityId),
  loadRange,
};
