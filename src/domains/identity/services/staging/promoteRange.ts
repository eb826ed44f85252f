import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { copyInto, encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import type { LoadedRecord } from '../../profiles/profile.ts';
import { profileByName } from '../../profiles/registry.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
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
  const { records } = await profileByName(batch.profile).loadRange(client, range);
  const held = await heldRows(client, batch.id, firstRow, endRow);
  const creations = records
    .filter((record) => !held.has(record.rowIndex))
    .map((record) => ({ record, entityId: record.entityId ?? uuidv7() }));
  for (const entityType of ENTITY_TYPES) {
    await insertEntities(
      client,
      batch.workspaceId,
      entityType,
      creations.filter(({ record }) => record.entityType === entityType),
    );
  }
  await insertHistory(client, batch, creations);
  await copyRecordStates(
    client,
    batch.id,
    creations.map(({ record, entityId }) => ({
      rowIndex: record.rowIndex,
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
  readonly record: LoadedRecord;
  readonly entityId: string;
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
  const rows = creations.map(({ record, entityId }) =>
    encodeCopyRow([
      entityId,
      workspaceId,
      ...columns.map(({ field }) => Reflect.get(record.entity, field)),
    ]),
  );
  const names = ['id', 'workspace_id', ...columns.map(({ column }) => column)].join(', ');
  await copyInto(client, `${ENTITY_TABLES[entityType]} (${names})`, rows);
}

async function insertHistory(
  client: ClientBase,
  batch: StagedBatch,
  creations: readonly Creation[],
): Promise<void> {
  if (creations.length === 0) return;
  const rows = creations.map(({ record, entityId }) =>
    encodeCopyRow([
      uuidv7(),
      batch.workspaceId,
      record.entityType,
      entityId,
      1,
      'CREATED',
      batch.id,
      record.rowIndex,
      batch.createdById,
      encodeJson(record.entity),
    ]),
  );
  const target = `entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
    row_index, actor_id, after)`;
  await copyInto(client, target, rows);
}
