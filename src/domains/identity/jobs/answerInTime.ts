import { setTimeout as delay } from 'node:timers/promises';
import { ExpectedError } from '../../../platform/errors.ts';

/** A caller waits this long for the queue at the most. */
const ANSWER_LIMIT_MS = 3_500;

/** @throws `QUEUE_UNAVAILABLE` where the question fails, or is not answered in time */
export async function answerInTime<T>(question: () => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const deadline = delay(ANSWER_LIMIT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The queue did not answer within ${ANSWER_LIMIT_MS} ms.`);
  });
  try {
    return await Promise.race([question(), deadline]);
  } catch (error) {
    throw new ExpectedError(
      'QUEUE_UNAVAILABLE',
      'The job queue is not available, so nothing was started. Try again in a moment.',
      {},
      { cause: error },
    );
  } finally {
    timer.abort();
  }
}
