import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { findingState, joinLedger } from '../ledger/findingState.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Leaves of an incremental audit what has changed and what is new: of entities that have not changed,
 * findings that were open before are in the ledger, and in the audits that people got them from. They
 * stay where something else that stays names their entity by the same rule, since a cluster of
 * duplicates is decided on as a whole. Then the records that nothing is left of go.
 */
export async function trimUnchanged(client: ClientBase, batch: StagedBatch): Promise<void> {
  if (batch.mode !== 'INCREMENTAL') return;
  await withoutNestedLoops(client, async () => {
    await deletePersisting(client, batch);
    await deleteRecords(client, batch);
  });
}

async function deletePersisting(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
): Promise<void> {
  await client.query(sql`
    WITH persisting AS MATERIALIZED (
      SELECT f.row_index, f.ordinal, f.rule_id, f.entity_id
      FROM finding f
      JOIN staged_record r ON r.batch_id = f.batch_id AND r.row_index = f.row_index
      ${joinLedger(sql`f`, sql`${workspaceId}::uuid`)}
      WHERE f.batch_id = ${id} AND r.batch_id = ${id} AND r.unchanged
        AND ${findingState(sql`f`)} = 'PERSISTING'
    ), named AS MATERIALIZED (
      SELECT DISTINCT f.rule_id, related.entity_id
      FROM finding f CROSS JOIN unnest(f.related_entity_ids) AS related (entity_id)
      LEFT JOIN persisting p ON p.row_index = f.row_index AND p.ordinal = f.ordinal
      WHERE f.batch_id = ${id} AND p.row_index IS NULL
    )
    DELETE FROM finding f
    USING persisting p LEFT JOIN named n ON n.rule_id = p.rule_id AND n.entity_id = p.entity_id
    WHERE f.batch_id = ${id} AND f.row_index = p.row_index AND f.ordinal = p.ordinal
      AND n.entity_id IS NULL`);
}

async function deleteRecords(client: ClientBase, { id }: StagedBatch): Promise<void> {
  await client.query(sql`
    WITH kept AS MATERIALIZED (
      SELECT entity_id FROM finding WHERE batch_id = ${id}
      UNION SELECT unnest(related_entity_ids) FROM finding WHERE batch_id = ${id}
    ), deleted AS (
      DELETE FROM staged_record r
      WHERE r.batch_id = ${id} AND r.unchanged
        AND NOT EXISTS (SELECT FROM kept WHERE kept.entity_id = r.entity_id)
      RETURNING 1
    )
    UPDATE staged_batch
    SET record_count = record_count - (SELECT count(*) FROM deleted),
        processed_count = processed_count - (SELECT count(*) FROM deleted)
    WHERE id = ${id}`);
}
