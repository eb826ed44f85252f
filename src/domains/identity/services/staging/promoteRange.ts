import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { copyInto, encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import { ENTITY_TYPES, type EntityType, type FieldsByType } from '../../rules/entities.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import { copyRecordStates } from './recordStates.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Creates the production entities of a range's records, with their change history. Records with a
 * finding of severity ERROR stay under review.
 */
export async function promoteRange(
  client: ClientBase,
  batch: StagedBatch,
  { firstRow, endRow }: OpenStep,
): Promise<StepResult> {
  const range = { batchId: batch.id, workspaceId: batch.workspaceId, firstRow, endRow };
  const held = await heldRows(client, batch.id, firstRow, endRow);
  const creations: Creation[] = [];
  for await (const page of profileByName(batch.profile).loadRange(client, range)) {
    for (const { rowIndex, entityId, entity } of page.records) {
      if (held.has(rowIndex)) continue;
      const { entityType } = page;
      creations.push({ rowIndex, entityType, entityId: entityId ?? uuidv7(), entity });
    }
  }
  for (const entityType of ENTITY_TYPES) {
    const ofType = creations.filter((creation) => creation.entityType === entityType);
    await insertEntities(client, batch.workspaceId, entityType, ofType);
  }
  await insertHistory(client, batch, creations);
  await copyRecordStates(
    client,
    batch.id,
    creations.map(({ rowIndex, entityId }) => ({
      rowIndex,
      status: 'PROMOTED',
      reason: null,
      entityId,
    })),
  );
  return {
    checkedCount: creations.length,
    skippedCount: endRow - firstRow - creations.length,
    findingCount: 0,
  };
}

interface Creation {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly entity: FieldsByType[EntityType];
}

async function heldRows(
  client: ClientBase,
  batchId: string,
  firstRow: number,
  endRow: number,
): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    SELECT row_index AS "rowIndex" FROM finding
    WHERE batch_id = ${batchId} AND row_index >= ${firstRow} AND row_index < ${endRow}
      AND severity = 'ERROR'
    UNION
    SELECT row_index FROM staged_record_state
    WHERE batch_id = ${batchId} AND row_index >= ${firstRow} AND row_index < ${endRow}`);
  return new Set(rows.map((row) => row.rowIndex));
}

async function insertEntities(
  client: ClientBase,
  workspaceId: string,
  entityType: EntityType,
  creations: readonly Creation[],
): Promise<void> {
  if (creations.length === 0) return;
  const columns = entityColumns(entityType);
  const names = ['id', 'workspace_id', ...columns.map(({ column }) => column)].join(', ');
  await copyInto(
    client,
    `${ENTITY_TABLES[entityType]} (${names})`,
    creations,
    ({ entityId, entity }) =>
      encodeCopyRow([
        entityId,
        workspaceId,
        ...columns.map(({ field }) => Reflect.get(entity, field)),
      ]),
  );
}

async function insertHistory(
  client: ClientBase,
  batch: StagedBatch,
  creations: readonly Creation[],
): Promise<void> {
  if (creations.length === 0) return;
  const target = `entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
    row_index, actor_id, after)`;
  await copyInto(client, target, creations, ({ rowIndex, entityType, entityId, entity }) =>
    encodeCopyRow([
      uuidv7(),
      batch.workspaceId,
      entityType,
      entityId,
      1,
      'CREATED',
      batch.id,
      rowIndex,
      batch.createdById,
      encodeJson(entity),
    ]),
  );
}
