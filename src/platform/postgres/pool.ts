import pg from 'pg';

/**
 * A pool of connections.
 *
 * @param connectionString - PostgreSQL URL
 * @param applicationName - shown in `pg_stat_activity`
 * @param onIdleError - told when an idle connection breaks; the pool replaces it by itself
 */
export function createPool(
  connectionString: string,
  applicationName: string,
  onIdleError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
  });
  pool.on('error', onIdleError);
  return pool;
}

type Begin = 'BEGIN' | 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Runs `work` in a transaction of its own: committed when it returns, rolled back when it throws.
 *
 * @throws what `work` throws, and what the database throws
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin: Begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Whether an error is PostgreSQL's, with this SQLSTATE and, if given, about this constraint. */
export function isDatabaseError(error: unknown, sqlState: string, constraint?: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === sqlState &&
    (constraint === undefined || error.constraint === constraint)
  );
}

/** SQLSTATE of a unique violation: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const UNIQUE_VIOLATION = '23505';
