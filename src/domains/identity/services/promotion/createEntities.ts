import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { copyInto, encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType, type FieldsByType } from '../../rules/entities.ts';
import { copyRecordStates } from '../staging/recordStates.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Promoter } from './acceptedFindings.ts';
import type { ImportDecisions } from './importDecisions.ts';

/** An entity that an imported record becomes. */
export interface Creation {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly entity: FieldsByType[EntityType];
}

/** Creates entities with their history, and keeps with their records that they are in production. */
export async function createEntities(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  creations: readonly Creation[],
  decisions: ImportDecisions,
): Promise<void> {
  for (const entityType of ENTITY_TYPES) {
    const ofType = creations.filter((creation) => creation.entityType === entityType);
    await insertEntities(client, batch.workspaceId, entityType, ofType);
  }
  await insertHistory(client, batch, promoter, creations);
  await keepStates(client, batch.id, creations, decisions.hasState);
  await markApplied(client, batch.id, creations, decisions.acceptedValues);
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
  { actorId }: Promoter,
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
      actorId,
      encodeJson(entity),
    ]),
  );
}

/** Most records have no state yet, and COPY is the fastest way to give them one. */
async function keepStates(
  client: ClientBase,
  batchId: string,
  creations: readonly Creation[],
  hasState: (rowIndex: number) => boolean,
): Promise<void> {
  await copyRecordStates(
    client,
    batchId,
    creations
      .filter(({ rowIndex }) => !hasState(rowIndex))
      .map(({ rowIndex, entityId }) => ({ rowIndex, status: 'PROMOTED', reason: null, entityId })),
  );
  const known = creations.filter(({ rowIndex }) => hasState(rowIndex));
  if (known.length === 0) return;
  await client.query(sql`
    UPDATE staged_record_state s SET status = 'PROMOTED', reason = NULL, entity_id = c.entity_id, base_version = 1
    FROM unnest(${known.map(({ rowIndex }) => rowIndex)}::int[],
                ${known.map(({ entityId }) => entityId)}::uuid[]) AS c(row_index, entity_id)
    WHERE s.batch_id = ${batchId} AND s.row_index = c.row_index`);
}

async function markApplied(
  client: ClientBase,
  batchId: string,
  creations: readonly Creation[],
  acceptedValues: ReadonlyMap<number, unknown>,
): Promise<void> {
  const rows = creations.map(({ rowIndex }) => rowIndex).filter((row) => acceptedValues.has(row));
  if (rows.length === 0) return;
  await client.query(sql`
    UPDATE finding SET applied = true
    WHERE batch_id = ${batchId} AND row_index = ANY(${rows}::int[])
      AND decision = 'ACCEPTED' AND merge_id IS NULL
      AND coalesce(edited_value, suggested_value) IS NOT NULL`);
}
