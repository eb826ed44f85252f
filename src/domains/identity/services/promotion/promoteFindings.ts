import type { ClientBase } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { profileByName } from '../../profiles/registry.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import {
  acceptedValue,
  isApplicable,
  isStuck,
  joinMadeEntity,
  type Promoter,
} from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';
import { isWithin } from './chosenRecords.ts';
import { changeEntities, planFieldChanges } from './fieldChanges.ts';
import { holdLostReferences } from './lostReferences.ts';
import { countOutcomes, keepStates, recordChanges } from './plannedChanges.ts';
import { addCounts, NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/**
 * Applies the accepted findings of some records to their entities in production: those that were
 * audited, or those that an earlier promotion made of imported records.
 */
export async function promoteFindings(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<PromotedCounts> {
  return withoutNestedLoops(client, async () => {
    let counts = NOTHING_PROMOTED;
    for (const entityType of ENTITY_TYPES) {
      counts = addCounts(counts, await promoteType(client, batch, promoter, rows, entityType));
    }
    return counts;
  });
}

/** Accepted findings `f` of one type in a range that are to be applied. */
interface AcceptedFindings {
  /** FROM and WHERE. */
  readonly from: Sql;
  /** The entity that they are about. */
  readonly entityId: Sql;
}

function accepted(
  batch: StagedBatch,
  promoter: Promoter,
  { firstRow, endRow }: Rows,
  entityType: EntityType,
): AcceptedFindings {
  const applicable = sql`
    f.batch_id = ${batch.id} AND f.row_index >= ${firstRow} AND f.row_index < ${endRow}
    AND f.entity_type = ${entityType} AND ${isApplicable(promoter)}`;
  if (profileByName(batch.profile).kind === 'import') {
    return {
      from: sql`finding f ${joinMadeEntity} WHERE ${applicable}`,
      entityId: sql`made.entity_id`,
    };
  }
  return {
    from: sql`finding f WHERE ${applicable} AND NOT ${isStuck(sql`f.batch_id`, sql`f.row_index`)}`,
    entityId: sql`f.entity_id`,
  };
}

async function promoteType(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
  entityType: EntityType,
): Promise<PromotedCounts> {
  const findings = accepted(batch, promoter, rows, entityType);
  const fields = await lockEntities(client, batch, findings, entityType);
  if (fields.length === 0) return NOTHING_PROMOTED;
  await planFieldChanges(client, {
    ...{ batch, rows, entityType, fields },
    wanted: sql`
      -- Of two values for a field the last one counts: an edited one, then that of the first rule.
      SELECT f.row_index, ${findings.entityId} AS entity_id,
             min(f.entity_version) AS entity_version,
             jsonb_object_agg(f.field, ${acceptedValue}
               ORDER BY f.edited_value IS NOT NULL, f.ordinal DESC) AS wanted
      FROM ${findings.from} GROUP BY f.row_index, ${findings.entityId}`,
    entityIds: sql`SELECT ${findings.entityId} FROM ${findings.from}`,
  });
  await holdLostReferences(client, batch, entityType, fields);
  await changeEntities(client, entityType, fields);
  await recordChanges(client, batch, promoter, entityType, 'UPDATED');
  await markApplied(client, batch, promoter, rows);
  await keepStates(client, batch);
  return countOutcomes(client);
}

/**
 * Locks the entities in the order of their ids, as everybody does who changes them, so that nobody
 * waits for each other. What is planned is read afterwards, with what others have committed till then.
 *
 * @returns the fields that the findings are about
 */
async function lockEntities(
  client: ClientBase,
  batch: StagedBatch,
  findings: AcceptedFindings,
  entityType: EntityType,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ fields: string[] }>(sql`
    WITH wanted AS MATERIALIZED (
      SELECT ${findings.entityId} AS entity_id, f.field FROM ${findings.from}
    ), locked AS MATERIALIZED (
      SELECT FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE id = ANY (ARRAY (SELECT entity_id FROM wanted)) AND workspace_id = ${batch.workspaceId}
      ORDER BY id FOR UPDATE
    )
    SELECT coalesce((SELECT array_agg(DISTINCT field) FROM wanted), '{}') AS fields,
           (SELECT count(*) FROM locked) AS locked`);
  return rows[0]?.fields ?? [];
}

/** Keeps which findings are in production now, and which of these had been there before. */
export async function markApplied(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<void> {
  const isUnchanged = sql`(p.applied AND NOT p.after ? f.field)`;
  await client.query(sql`
    UPDATE finding f SET applied = p.applied, unchanged = ${isUnchanged}
    FROM (
      SELECT row_index, after, outcome IN ('CHANGED', 'SAME') AS applied FROM planned_change
    ) p
    WHERE f.batch_id = ${batch.id} AND f.row_index = p.row_index ${isWithin(sql`f.row_index`, rows)}
      AND ${isApplicable(promoter)} AND (f.applied, f.unchanged) <> (p.applied, ${isUnchanged})`);
}
