import type { ClientBase } from 'pg';
import sql, { join, raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import {
  ENTITY_TABLES,
  entityColumns,
} from '../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../../../../src/domains/identity/rules/entities.ts';
import type { IdentityTestbed } from './identityTestbed.ts';

type Values = Readonly<Record<string, string | number | null>>;

/** A change of one entity through a record of a batch. */
export interface TestChange {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly actorId: string;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly set: Values;
}

/** Changes an entity as a promotion does: with its history. Returns the id of the change. */
export async function changeThrough(
  { runtime: { pool } }: IdentityTestbed,
  { batchId, rowIndex, actorId, entityType, entityId, set }: TestChange,
): Promise<string> {
  const id = uuidv7();
  const before = await readFields(pool, entityType, entityId, Object.keys(set));
  await setFields(pool, entityType, entityId, set);
  await pool.query(sql`
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, before, after)
    SELECT ${id}, workspace_id, ${entityType}, id, version, 'UPDATED', ${batchId}, ${rowIndex},
           ${actorId}, ${JSON.stringify(before)}, ${JSON.stringify(set)}
    FROM ${raw(ENTITY_TABLES[entityType])} WHERE id = ${entityId}`);
  await pool.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, status) VALUES (${batchId}, ${rowIndex}, 'PROMOTED')
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = 'PROMOTED'`);
  return id;
}

/** Creates an entity as a promotion does: with its history. Returns the entity's id. */
export async function createThrough(
  testbed: IdentityTestbed,
  workspaceId: string,
  { batchId, rowIndex, actorId, entityType, set }: Omit<TestChange, 'entityId'>,
): Promise<string> {
  const entityId = await testbed.createEntity(workspaceId, entityType, set);
  await testbed.runtime.pool.query(sql`
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, after)
    VALUES (${uuidv7()}, ${workspaceId}, ${entityType}, ${entityId}, 1, 'CREATED', ${batchId},
            ${rowIndex}, ${actorId}, ${JSON.stringify(set)})`);
  return entityId;
}

type Pool = IdentityTestbed['runtime']['pool'];

/** Changes an entity behind the review center's back. */
export async function setFields(
  pool: Pick<ClientBase, 'query'>,
  entityType: EntityType,
  entityId: string,
  set: Values,
): Promise<void> {
  const assignments = Object.entries(set).map(
    ([field, value]) => sql`${raw(columnOf(entityType, field))} = ${value}`,
  );
  await pool.query(sql`
    UPDATE ${raw(ENTITY_TABLES[entityType])} SET ${join(assignments)} WHERE id = ${entityId}`);
}

/** Some fields of an entity as they are now. */
export async function readFields(
  pool: Pool,
  entityType: EntityType,
  entityId: string,
  fields: readonly string[],
): Promise<Record<string, unknown>> {
  const columns = fields.map((field) => raw(`${columnOf(entityType, field)} AS "${field}"`));
  const { rows } = await pool.query(sql`
    SELECT ${join(columns)} FROM ${raw(ENTITY_TABLES[entityType])} WHERE id = ${entityId}`);
  return rows[0];
}

function columnOf(entityType: EntityType, field: string): string {
  const others = { state: 'state', version: 'version', mergedIntoId: 'merged_into_id' };
  const known = entityColumns(entityType).find((column) => column.field === field);
  return known?.column ?? Reflect.get(others, field);
}
