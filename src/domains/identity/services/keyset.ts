import sql, { raw, type Sql } from 'sql-template-tag';

/** A page by keyset: the rows beyond a position, never counted from the start. */
export interface KeysetPage<Position> {
  /** Only rows after this one. */
  readonly after: Position | null;
  /** Only rows before this one. */
  readonly before: Position | null;
  readonly limit: number;
  /** Whether to read from the end backwards. */
  readonly backwards: boolean;
}

/** The ORDER BY of one column that a page is read in. */
export function keysetOrder(column: Sql, { backwards }: KeysetPage<unknown>): Sql {
  return sql`${column} ${raw(backwards ? 'DESC' : 'ASC')}`;
}
