import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { ChangeKind } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import { newChangeId } from '../entityChangeIds.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Promoter } from './acceptedFindings.ts';
import { NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';

/**
 * Makes room for what a step is to do with each record, and for what imported rows want of entities. Once a step, however often its range is
 * halved: each table made and dropped in a transaction would keep a lock until its end.
 */
export async function createPlannedChanges(client: ClientBase): Promise<void> {
  await client.query(sql`
    CREATE TEMPORARY TABLE planned_change (
      row_index int, entity_id uuid, base_version int, version int, outcome text, reason text,
      before jsonb, after jsonb
    ) ON COMMIT DROP`);
  await client.query(sql`
    CREATE TEMPORARY TABLE wanted_update (
      row_index int, entity_id uuid, wanted jsonb
    ) ON COMMIT DROP`);
}

/** Finds the entities that are to change by their index, however few the planner takes them for. */
export const anyChangedEntity = sql`ANY (ARRAY (
  SELECT entity_id FROM planned_change WHERE outcome = 'CHANGED'))`;

/** Writes the history of entities that were changed as planned; a trigger has raised their versions by one. */
export async function recordChanges(
  client: ClientBase,
  batch: StagedBatch,
  { actorId }: Promoter,
  entityType: EntityType,
  kind: ChangeKind,
): Promise<void> {
  await client.query(sql`
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, before, after)
    SELECT ${newChangeId()}, ${batch.workspaceId}::uuid, ${entityType}::entity_type, entity_id,
           version + 1, ${kind}::change_kind, ${batch.id}::uuid, row_index, ${actorId}::uuid, before, after
    FROM planned_change WHERE outcome = 'CHANGED'`);
}

/** Keeps with each record what became of it. */
export async function keepStates(client: ClientBase, batch: StagedBatch): Promise<void> {
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index, status, reason, entity_id, base_version)
    SELECT ${batch.id}::uuid, row_index,
           CASE outcome WHEN 'CONFLICT' THEN 'CONFLICT' WHEN 'FAILED' THEN 'FAILED'
                ELSE 'PROMOTED' END::record_status,
           reason, entity_id,
           CASE outcome WHEN 'CHANGED' THEN version + 1 ELSE base_version END
    FROM planned_change
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = excluded.status,
      reason = excluded.reason, entity_id = excluded.entity_id, base_version = excluded.base_version`);
}

export async function countOutcomes(client: ClientBase): Promise<PromotedCounts> {
  const { rows } = await client.query<PromotedCounts>(sql`
    SELECT (count(*) FILTER (WHERE outcome IN ('CHANGED', 'SAME')))::int AS applied,
           0 AS created,
           (count(*) FILTER (WHERE outcome = 'SAME'))::int AS unchanged,
           (count(*) FILTER (WHERE outcome = 'CONFLICT'))::int AS conflict,
           (count(*) FILTER (WHERE outcome = 'FAILED'))::int AS failed,
           0 AS waiting
    FROM planned_change`);
  return rows[0] ?? NOTHING_PROMOTED;
}
