import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 2_000;

/**
 * Waits until connections to the queue are closed, but not for a queue that is away: BullMQ would
 * wait until it is back, or fail. What is left of the connections ends with the process.
 */
export async function closeInTime(closed: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const limit = delay(LIMIT_MS, undefined, { signal: timer.signal });
  await Promise.race([closed, limit]).catch(() => {});
  timer.abort();
}
