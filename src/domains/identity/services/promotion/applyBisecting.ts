import type { ClientBase } from 'pg';
import pg from 'pg';
import { addCounts, type PromotedCounts } from './promotedCounts.ts';

/** Rows of a batch. */
export interface Rows {
  readonly firstRow: number;
  /** Exclusive. */
  readonly endRow: number;
}

/**
 * Applies a range of rows in a savepoint. Where the database refuses a value, the range is halved
 * until the row is found that bears it, so that one bad row keeps no other from production.
 *
 * @param apply - does all of the given rows, or throws
 * @param refuse - keeps why a single row could not be applied
 * @throws what is nobody's data's fault, such as a lost connection or a deadlock
 */
export async function applyBisecting(
  client: ClientBase,
  rows: Rows,
  apply: (rows: Rows) => Promise<PromotedCounts>,
  refuse: (rowIndex: number, error: pg.DatabaseError) => Promise<PromotedCounts>,
): Promise<PromotedCounts> {
  await client.query('SAVEPOINT promotion');
  try {
    const counts = await apply(rows);
    await client.query('RELEASE SAVEPOINT promotion');
    return counts;
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT promotion; RELEASE SAVEPOINT promotion');
    const { firstRow, endRow } = rows;
    if (endRow - firstRow === 1) return refuse(firstRow, error);
    const middle = Math.floor((firstRow + endRow) / 2);
    const below = await applyBisecting(client, { firstRow, endRow: middle }, apply, refuse);
    const above = await applyBisecting(client, { firstRow: middle, endRow }, apply, refuse);
    return addCounts(below, above);
  }
}

/** Classes 22 (data exception) and 23 (integrity constraint violation) of PostgreSQL's SQLSTATEs. */
function isRefusedValue(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}
