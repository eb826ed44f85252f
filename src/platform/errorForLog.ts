import pg from 'pg';

/** An error as a log line has it. */
interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly cause?: LoggedError;
}

/** How many causes of causes are told. */
const MOST_CAUSES = 3;

/**
 * Errors about data, constraints and those that functions raise: their messages may quote values.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const QUOTING_CLASSES = /^(22|23|P0)/;

/**
 * Serialises an error for the log, which carries ids and never row data: what PostgreSQL refuses it
 * quotes in the message, the detail and the context, so that only codes and names are left of these.
 */
export function errorForLog(error: unknown, depth = 0): LoggedError | string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = Reflect.get(error, 'code');
  const isRefusal = error instanceof pg.DatabaseError && QUOTING_CLASSES.test(error.code ?? '');
  const cause = depth < MOST_CAUSES ? errorForLog(error.cause, depth + 1) : 'undefined';
  return {
    type: error.name,
    message: isRefusal ? `PostgreSQL: ${error.code ?? 'no code'}` : error.message,
    stack: isRefusal ? framesOf(error) : (error.stack ?? ''),
    ...(typeof code === 'string' ? { code } : {}),
    ...(isRefusal && error.table !== undefined ? { table: error.table } : {}),
    ...(isRefusal && error.column !== undefined ? { column: error.column } : {}),
    ...(isRefusal && error.constraint !== undefined ? { constraint: error.constraint } : {}),
    ...(typeof cause === 'string' ? {} : { cause }),
  };
}

/** An error of code that was at work on row data, which its message may quote: only where it happened. */
export function placeOf(error: unknown): string {
  return error instanceof Error ? `${error.name}\n${framesOf(error)}` : typeof error;
}

/** A stack without the message that it begins with. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
