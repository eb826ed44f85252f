import type { ClientBase } from 'pg';
import sql, { empty, join } from 'sql-template-tag';
import { MATCHING_PROFILES } from '../../../profiles/registry.ts';
import type { StagedBatch } from '../../staging/stagedBatch.ts';
import type { ReferenceKind } from './referenceKinds.ts';
import type { GivenReference } from './resolveReferences.ts';

/** A record under review that brings what a row refers to. */
export interface ComingRow {
  readonly rowIndex: number;
  /** The title of its batch; null where that is the one of the row. */
  readonly otherBatch: string | null;
}

interface FoundRow extends ComingRow {
  readonly key: string;
  /** For each column that says more, whether it has nothing there. */
  readonly blanks: readonly boolean[];
}

/**
 * Looks for what rows refer to among the records that are not in production yet: of their own batch,
 * and of the workspace's earlier ones that are under review. As with entities, one that has something
 * else in a column that says more is not meant. Goes through the records of that type, once for each
 * column by which rows ask.
 *
 * @returns the first record for each row that has one
 */
export async function findComing(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'workspaceId'>,
  { to, columns }: ReferenceKind,
  asking: readonly GivenReference[],
): Promise<ReadonlyMap<number, ComingRow>> {
  const found = new Map<number, ComingRow>();
  for (const [position, { coming }] of columns.entries()) {
    const open = asking.filter(
      ({ rowIndex, keys }) => keys[position] != null && !found.has(rowIndex),
    );
    if (coming === null || open.length === 0) continue;
    const keys = [...new Set(open.flatMap((row) => row.keys[position] ?? []))];
    const stronger = columns
      .slice(0, position)
      .map(({ coming: brought }) => (brought === null ? sql`true` : sql`${brought} IS NULL`));
    const { rows } = await client.query<FoundRow>(sql`
      WITH open_batch AS MATERIALIZED (
        SELECT id, title FROM staged_batch
        WHERE workspace_id = ${batch.workspaceId} AND profile = ANY (${MATCHING_PROFILES}::text[])
          AND (id = ${batch.id} OR id < ${batch.id}
            AND status IN ('QUEUED', 'PROCESSING', 'READY_FOR_REVIEW', 'PROMOTING', 'REVERTING'))
      ), bringing AS MATERIALIZED (
        SELECT r.batch_id, r.row_index, ${coming} AS key,
               ARRAY[${stronger.length > 0 ? join(stronger) : empty}]::boolean[] AS blanks
        FROM staged_record r
        WHERE r.batch_id = ANY (ARRAY (SELECT id FROM open_batch))
          AND r.entity_type = ${to}::entity_type AND ${coming} = ANY (${keys}::text[])
      )
      SELECT DISTINCT ON (key, blanks) key, blanks, w.row_index AS "rowIndex",
             CASE WHEN b.id <> ${batch.id} THEN b.title END AS "otherBatch"
      FROM bringing w
      JOIN open_batch b ON b.id = w.batch_id
      LEFT JOIN staged_record_state s ON s.batch_id = w.batch_id AND s.row_index = w.row_index
        AND s.batch_id = ANY (ARRAY (SELECT id FROM open_batch))
      WHERE s.decision IS DISTINCT FROM 'REJECTED'
        AND (s.status IS NULL OR s.status IN ('CONFLICT', 'FAILED'))
      ORDER BY key, blanks, b.id DESC, w.row_index`);
    const byKey = Map.groupBy(rows, ({ key }) => key);
    for (const row of open) {
      const agreeing = byKey
        .get(row.keys[position] ?? '')
        ?.find(({ blanks }) =>
          blanks.every((isBlank, index) => isBlank || row.keys[index] === null),
        );
      if (agreeing !== undefined) {
        found.set(row.rowIndex, { rowIndex: agreeing.rowIndex, otherBatch: agreeing.otherBatch });
      }
    }
  }
  return found;
}
