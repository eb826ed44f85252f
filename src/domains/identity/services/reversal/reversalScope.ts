import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { type ReviewFilter, recordConditions } from '../review/reviewSelection.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';

/** A change of a run's scope that still holds. `alias` names a row of entity_change. */
export function isInScope(
  { batchId, scope }: Pick<BatchRun, 'batchId' | 'scope'>,
  alias: Sql,
): Sql {
  const rowIndexes = scope.rowIndexes;
  const ofRows = rowIndexes ? sql`${alias}.row_index = ANY(${rowIndexes}::int[])` : sql`true`;
  return sql`${alias}.batch_id = ${batchId} AND ${isLive(alias)} AND ${ofRows}`;
}

/** A change that has not been undone, and does not undo another. */
export function isLive(alias: Sql): Sql {
  return sql`(NOT ${alias}.reverted AND ${alias}.kind <> 'REVERTED')`;
}

/** How many changes a run is about. */
export async function countInScope(
  client: ClientBase,
  run: Pick<BatchRun, 'batchId' | 'scope'>,
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM entity_change c WHERE ${isInScope(run, sql`c`)}`);
  return rows[0]?.count ?? 0;
}

/** The rows of a batch that have changed something and that a filter lets through. */
export async function rowsToRevert(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'profile'>,
  filter: ReviewFilter,
): Promise<readonly number[]> {
  const { rows } = await client.query<{ rowIndex: number }>(sql`
    SELECT r.row_index AS "rowIndex" FROM staged_record r
    WHERE r.batch_id = ${batch.id} AND ${recordConditions(filter, batch)}
      AND EXISTS (
        SELECT FROM entity_change c
        WHERE c.batch_id = r.batch_id AND c.row_index = r.row_index AND ${isLive(sql`c`)})
    ORDER BY r.row_index`);
  return rows.map(({ rowIndex }) => rowIndex);
}
