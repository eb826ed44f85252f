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

/**
 * What Prisma's `findMany` takes for a page of rows in the order of their ids. The bounds are
 * conditions: Prisma's `cursor` drops the LIMIT where it can't prove that the order is unique.
 */
export function keysetById({ after, before, limit, backwards }: KeysetPage<string>) {
  const bounds = [
    ...(after === null ? [] : [{ id: { gt: after } }]),
    ...(before === null ? [] : [{ id: { lt: before } }]),
  ];
  const direction: 'asc' | 'desc' = backwards ? 'desc' : 'asc';
  return { bounds, order: { orderBy: { id: direction }, take: limit } };
}
