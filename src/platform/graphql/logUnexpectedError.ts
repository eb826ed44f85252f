import { inspect } from 'node:util';
import { errorForLog } from '../errorForLog.ts';
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
  const described = error instanceof Error ? errorForLog(error) : { message: inspect(error) };
  logger.error({ ...fields, error: described }, message);
}
