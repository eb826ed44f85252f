import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { RowReference, RowReferences } from '../../profiles/rowReference.ts';
import type { EntityType } from '../../rules/entities.ts';
import { REFERENCE_RULE_IDS } from '../../rules/referenceRules.ts';
import { resolveReferences } from '../imports/references/resolveReferences.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Rows } from './applyBisecting.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/**
 * What the rows of a range refer to as of now. Where people have decided it, by giving another value
 * or by rejecting what was found, the row's own columns count no more.
 */
export async function referencesToPromote(
  client: ClientBase,
  batch: StagedBatch,
  rows: Rows,
  entityType: EntityType,
): Promise<RowReferences> {
  const references = await resolveReferences(client, batch, rows, entityType);
  if (references.size === 0) return references;
  const { rows: decided } = await client.query<{ rowIndex: number }>(sql`
    SELECT DISTINCT f.row_index AS "rowIndex" FROM finding f
    WHERE f.batch_id = ${batch.id} AND f.row_index >= ${rows.firstRow} AND f.row_index < ${rows.endRow}
      AND (f.decision IN ('REJECTED', 'WAIVED') AND f.rule_id = ANY (${REFERENCE_RULE_IDS}::text[])
        OR f.decision = 'ACCEPTED' AND f.field IN ('ownerId', 'siteId')
          AND coalesce(f.edited_value, f.suggested_value) IS NOT NULL)
    UNION
    SELECT s.row_index FROM staged_record_state s
    WHERE s.batch_id = ${batch.id} AND s.row_index >= ${rows.firstRow} AND s.row_index < ${rows.endRow}
      AND s.edited_values ?| ARRAY['ownerId', 'siteId']`);
  const settled = new Set(decided.map(({ rowIndex }) => rowIndex));
  return new Map(
    [...references].map(([rowIndex, reference]): [number, RowReference] =>
      settled.has(rowIndex)
        ? [rowIndex, { field: reference.field, id: null, problem: null }]
        : [rowIndex, reference],
    ),
  );
}

/**
 * Keeps with records what they wait for: what they refer to is not in production yet, or can't be told.
 *
 * @param rowIndexes - of records that would go to production otherwise
 */
export async function keepWaiting(
  client: ClientBase,
  batchId: string,
  rowIndexes: readonly number[],
  references: RowReferences,
): Promise<void> {
  if (rowIndexes.length === 0) return;
  const reasons = rowIndexes.map((row) => references.get(row)?.problem?.message ?? null);
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, reason)
    SELECT ${batchId}::uuid, w.row_index, w.reason
    FROM unnest(${rowIndexes}::int[], ${reasons}::text[]) AS w(row_index, reason)
    ORDER BY w.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = NULL, reason = excluded.reason`);
}

/** Marks what was found on references that have been followed to production since. */
export async function markFollowed(
  client: ClientBase,
  batchId: string,
  references: RowReferences,
): Promise<void> {
  const rows = [...references].flatMap(([row, { id }]) => (id === null ? [] : row));
  if (rows.length === 0) return;
  await withoutNestedLoops(client, () =>
    client.query(sql`
      UPDATE finding f SET applied = true
      FROM staged_record_state s
      WHERE f.batch_id = ${batchId} AND f.row_index = ANY (${rows}::int[]) AND f.decision = 'OPEN'
        AND f.rule_id = ANY (${REFERENCE_RULE_IDS}::text[]) AND NOT f.applied
        AND s.batch_id = f.batch_id AND s.row_index = f.row_index AND s.status = 'PROMOTED'`),
  );
}
