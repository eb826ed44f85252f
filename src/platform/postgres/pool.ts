import pg from 'pg';
import { ExpectedError } from '../errors.ts';

export interface PoolOptions {
  readonly connectionString: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** How many connections it opens at the most. */
  readonly max: number;
  /** How long a caller waits for one of them. */
  readonly waitMs: number;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * A pool of connections. Who holds one must not wait for another of the same pool: with enough
 * callers at once, all would wait for each other.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: options.waitMs,
    // Where statements are planned without nested loops, their cost is out of all proportion, and
    // PostgreSQL would compile each for seconds: on by default where it was built with LLVM.
    options: '-c jit=off',
  });
  pool.on('error', (error) => {
    // pg hangs the whole client on it, which is nothing for a log line.
    Reflect.deleteProperty(error, 'client');
    options.onIdleError(error);
  });
  // One that breaks in use fails the query under way; unheard, its event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

type Begin =
  | 'BEGIN'
  | 'BEGIN ISOLATION LEVEL REPEATABLE READ'
  | 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Runs `work` in a transaction of its own: committed when it returns, rolled back when it throws.
 *
 * @throws `SERVICE_UNAVAILABLE` when all connections stay taken; what `work` throws, and what the
 *   database throws
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin: Begin = 'BEGIN',
): Promise<T> {
  const client = await connect(pool);
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

/**
 * Runs `work` in a transaction that is always rolled back, and returns what it would have come to.
 *
 * @throws as {@link inTransaction}
 */
export async function rehearse<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const outcome = new Rehearsed<T>();
  try {
    return await inTransaction(pool, async (client) => {
      outcome.result = { value: await work(client) };
      throw outcome;
    });
  } catch (error) {
    if (error === outcome && outcome.result !== undefined) return outcome.result.value;
    throw error;
  }
}

/** Thrown to roll back what has only been rehearsed. */
class Rehearsed<T> extends Error {
  result: { readonly value: T } | undefined;
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    const allTaken = pool.totalCount >= pool.options.max && isTimeout(error);
    if (!allTaken) throw error;
    const message = 'Too much is under way at the moment. Try again in a minute.';
    throw new ExpectedError('SERVICE_UNAVAILABLE', message, {}, { cause: error });
  }
}

function isTimeout(error: unknown): boolean {
  return (
    error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect')
  );
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

/** What pg says of a connection that broke during a query, and of a query on one that had broken. */
const BROKEN_CONNECTION = /^(Connection terminated|Client has encountered a connection error)/;

/**
 * Whether an error says that the server was away, went away or had no room, rather than that it
 * refused what it was asked. Classes 08, 53 and 57P of
 * https://www.postgresql.org/docs/current/errcodes-appendix.html; for a connection that breaks, pg
 * throws plain errors.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = Reflect.get(error, 'code');
  if (typeof code === 'string' && /^(08|53|57P|ECONN|EPIPE|ENOENT)/.test(code)) return true;
  return isTimeout(error) || BROKEN_CONNECTION.test(error.message);
}
