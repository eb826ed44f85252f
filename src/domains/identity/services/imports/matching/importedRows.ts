import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityType } from '../../../rules/entities.ts';

/** Rows of an import: a range of them, or some. */
export type ImportedRows =
  | { readonly firstRow: number; readonly endRow: number }
  | { readonly rowIndexes: readonly number[] };

/** Whether a row is among them, by its column `row_index` of an alias. */
export function isAmong(alias: Sql, rows: ImportedRows): Sql {
  return 'rowIndexes' in rows
    ? sql`${alias}.row_index = ANY (${rows.rowIndexes}::int[])`
    : sql`${alias}.row_index >= ${rows.firstRow} AND ${alias}.row_index < ${rows.endRow}`;
}

/** The types of entity that rows stand for. */
export async function typesAmong(
  client: ClientBase,
  batchId: string,
  rows: ImportedRows,
): Promise<readonly EntityType[]> {
  const { rows: types } = await client.query<{ entityType: EntityType }>(sql`
    SELECT DISTINCT r.entity_type AS "entityType" FROM staged_record r
    WHERE r.batch_id = ${batchId} AND ${isAmong(sql`r`, rows)} ORDER BY 1`);
  return types.map(({ entityType }) => entityType);
}
