import { inspect } from 'node:util';
import type { Logger } from '../logger.ts';

/** The request that an error was last logged for. */
const loggedFor = new WeakMap<Error, string>();

interface ErrorFields {
  readonly requestId: string;
  readonly [name: string]: unknown;
}

/**
 * Logs what went wrong, once for a request: one failure often fails many fields.
 *
 * @param fields - where it happened; further fields of the log line
 */
export function logUnexpectedError(
  logger: Logger,
  error: unknown,
  message: string,
  fields: ErrorFields,
): void {
  if (error instanceof Error) {
    if (loggedFor.get(error) === fields.requestId) return;
    loggedFor.set(error, fields.requestId);
  }
  logger.error({ ...fields, error: describeError(error) }, message);
}

/** Errors of databases and of subgraphs have further parts, which carry rows and whole requests. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: inspect(error) };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { type, code, message, stack, cause: cause && describeError(cause) };
}
