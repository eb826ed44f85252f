import type { Pool } from 'pg';
import sql, { empty, raw } from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import { assertExportSize, type ExportPage } from './exportPage.ts';
import { type Cell, type ExportFormat, toExportText } from './exportText.ts';

export interface ExportInput {
  readonly workspaceId: string;
  readonly entityType: EntityType;
  readonly format: ExportFormat;
  /** The id after which to go on; null for the beginning. */
  readonly after: string | null;
  /** How many rows at the most. */
  readonly first: number;
}

/** The columns of an export: by `id`, an import finds the entity of each row. */
export function exportedColumns(entityType: EntityType): readonly string[] {
  return ['id', ...entityColumns(entityType).map(({ field }) => field)];
}

/**
 * A page of the active entities of a workspace, oldest first, in one statement. Each page says what
 * is there when it is read; together they are no snapshot.
 *
 * @throws `BAD_USER_INPUT` for a page size that is out of bounds
 */
export async function exportEntities(
  pool: Pool,
  { workspaceId, entityType, format, after, first }: ExportInput,
): Promise<ExportPage<string>> {
  assertExportSize(first);
  const values = entityColumns(entityType).map(({ column, type }) =>
    type === 'date' ? `to_char(${column}, 'YYYY-MM-DD')` : column,
  );
  const { text, values: parameters } = sql`
    SELECT id, ${raw(values.join(', '))} FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
      ${after === null ? empty : sql`AND id > ${after}`}
    ORDER BY id LIMIT ${first + 1}`;
  const found = await inTransaction(pool, async (client) => {
    // The unique index on workspace and id has them in order. Of a table that was filled just now,
    // the planner expects few rows, and would read and sort the whole workspace for each page.
    await client.query('SET LOCAL enable_sort = off');
    return client.query<[string, ...Cell[]]>({ text, values: parameters, rowMode: 'array' });
  });
  const rows = found.rows.slice(0, first);
  const columns = exportedColumns(entityType);
  return {
    text: toExportText(format, { columns, rows }, after === null),
    rowCount: rows.length,
    end: rows.at(-1)?.[0] ?? null,
    hasNextPage: found.rows.length > first,
  };
}
