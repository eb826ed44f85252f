import pg, { type ClientBase } from 'pg';
import { type CopiedRow, copyOut } from '../../../platform/postgres/copyOut.ts';
import type { EntityType } from '../rules/entities.ts';
import { ENTITY_TABLES, selectFields } from './entityTables.ts';
import type {
  AuditProfile,
  LoadedPage,
  LoadedRecord,
  RowRange,
  UnreadableRecord,
} from './profile.ts';
import { readEntity } from './readEntity.ts';

interface AuditedPage<T extends EntityType> {
  readonly records: readonly AuditedRecord<T>[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** A record of an audit: it always has an entity. */
export interface AuditedRecord<T extends EntityType> extends LoadedRecord<T> {
  readonly entityId: string;
  readonly entityVersion: number;
}

/**
 * Loads the entities of one type that the rows of a range stand for. The join is by the batch's
 * workspace, whatever a row's data says.
 */
export async function* loadAuditedRecords<T extends EntityType>(
  client: ClientBase,
  entityType: T,
  { batchId, workspaceId, firstRow, endRow }: RowRange,
): AsyncGenerator<AuditedPage<T>> {
  const pages = copyOut(
    client,
    // LIMIT keeps the look-up by primary key: the planner would scan the whole table for each range.
    `SELECT r.row_index, r.entity_id, e.*
     FROM staged_record r
     LEFT JOIN LATERAL (
       SELECT e.version, ${selectFields(entityType, 'e')} FROM ${ENTITY_TABLES[entityType]} e
       WHERE e.id = r.entity_id AND e.workspace_id = ${pg.escapeLiteral(workspaceId)}
         AND e.state = 'ACTIVE'
       LIMIT 1
     ) e ON true
     WHERE r.batch_id = ${pg.escapeLiteral(batchId)}
       AND r.row_index >= ${firstRow} AND r.row_index < ${endRow}
       AND r.entity_type = ${pg.escapeLiteral(entityType)}
     ORDER BY r.row_index`,
  );
  for await (const page of pages) yield readPage(entityType, page);
}

/** Before an entity's fields: row index, entity id, version. */
const FIELDS_AT = 3;

const GONE = 'The entity is no longer an active one of this workspace.';

function readPage<T extends EntityType>(entityType: T, page: readonly CopiedRow[]): AuditedPage<T> {
  const records: AuditedRecord<T>[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const row of page) {
    const [rowIndex, entityId, version] = row;
    if (!entityId || !version) {
      unreadable.push({ rowIndex: Number(rowIndex), reason: GONE });
    } else {
      records.push({
        rowIndex: Number(rowIndex),
        entityId,
        entityVersion: Number(version),
        entity: readEntity(entityType, row, FIELDS_AT),
      });
    }
  }
  return { records, unreadable };
}

async function* loadRange(client: ClientBase, range: RowRange): AsyncGenerator<LoadedPage> {
  for await (const page of loadAuditedRecords(client, 'contact', range)) {
    yield { entityType: 'contact', ...page };
  }
  for await (const page of loadAuditedRecords(client, 'site', range)) {
    yield { entityType: 'site', ...page };
  }
  for await (const page of loadAuditedRecords(client, 'device', range)) {
    yield { entityType: 'device', ...page };
  }
}

/** Everything a workspace already has, looked at again. */
export const dataAudit: AuditProfile = {
  kind: 'audit',
  name: 'dataAudit',
  sourceTypes: ['DATA_AUDIT'],
  checksRecords: true,
  entityIdOf: ({ entityId }) => String(entityId),
  loadRange,
};
