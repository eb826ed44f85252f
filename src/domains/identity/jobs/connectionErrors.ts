import type { Logger } from '../../../platform/logger.ts';

/** While a queue is away every try fails alike, on every connection: the log hears of it this often. */
const REPEAT_MS = 30_000;

/**
 * Logs what goes wrong with connections to the queue. They are rebuilt by themselves; without a
 * listener, an error of theirs would end the process.
 */
export function logConnectionErrors(logger: Logger): (error: Error) => void {
  const loggedAt = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    for (const [message, at] of loggedAt) if (at < now - REPEAT_MS) loggedAt.delete(message);
    if (loggedAt.has(error.message)) return;
    loggedAt.set(error.message, now);
    // pg hangs the whole client on it, which is nothing for a log line.
    Reflect.deleteProperty(error, 'client');
    logger.warn({ err: error }, 'queue connection');
  };
}
