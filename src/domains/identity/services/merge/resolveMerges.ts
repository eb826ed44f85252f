import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { ReviewedBatch } from '../review/lockReviewedBatch.ts';

/** A record whose conflict is resolved. */
export interface ResolvedRecord {
  readonly rowIndex: number;
  readonly actorId: string;
  readonly decisionId: string;
  /** Whether production stays as it is. */
  readonly isTheirs: boolean;
}

/**
 * Resolves what a record's conflict holds up of merges: they are given up, or they build on all
 * members as they are now.
 */
export async function resolveMerges(
  client: ClientBase,
  batch: ReviewedBatch,
  record: ResolvedRecord,
): Promise<void> {
  const { rows } = await client.query<{ id: string; entityType: EntityType; ids: string[] }>(sql`
    SELECT id, entity_type AS "entityType", survivor_id || loser_ids AS ids FROM merge
    WHERE batch_id = ${batch.id} AND row_index = ${record.rowIndex} AND NOT applied`);
  for (const { id, entityType, ids } of rows) {
    if (record.isTheirs) await giveUpMerge(client, batch, record, id);
    else await buildOnPresent(client, batch, entityType, ids);
  }
}

async function giveUpMerge(
  client: ClientBase,
  batch: ReviewedBatch,
  { actorId, decisionId }: ResolvedRecord,
  mergeId: string,
): Promise<void> {
  await client.query(sql`
    WITH target AS (
      SELECT row_index, ordinal FROM finding
      WHERE batch_id = ${batch.id} AND merge_id = ${mergeId}
      ORDER BY row_index, ordinal FOR NO KEY UPDATE
    ), decided AS (
      UPDATE finding f
      SET decision = 'REJECTED', version = f.version + 1, decided_by_id = ${actorId}, merge_id = NULL
      FROM target t
      WHERE f.batch_id = ${batch.id} AND f.row_index = t.row_index AND f.ordinal = t.ordinal
      RETURNING f.row_index, f.ordinal, f.version
    ), entry AS (
      INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id)
      SELECT ${batch.id}::uuid, row_index, ordinal, version, ${decisionId}::uuid FROM decided
    )
    DELETE FROM merge WHERE id = ${mergeId}`);
}

async function buildOnPresent(
  client: ClientBase,
  { id: batchId, workspaceId }: ReviewedBatch,
  entityType: EntityType,
  ids: readonly string[],
): Promise<void> {
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, base_version)
    SELECT r.batch_id, r.row_index, e.version
    FROM staged_record r
    JOIN ${raw(ENTITY_TABLES[entityType])} e
      ON e.id = r.entity_id AND e.workspace_id = ${workspaceId}
    WHERE r.batch_id = ${batchId} AND r.entity_id = ANY(${ids}::uuid[])
    ORDER BY r.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET base_version = excluded.base_version`);
}
