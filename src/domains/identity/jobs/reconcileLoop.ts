import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../platform/logger.ts';

const PERIOD_MS = 5_000;

/**
 * Reconciles again and again, in the process itself: a scheduled job would be lost with the queue
 * whose losses it is to mend.
 */
export function startReconcileLoop(
  parts: readonly (() => Promise<void>)[],
  logger: Logger,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      for (const reconcile of parts) {
        await reconcile().catch((error: unknown) => {
          logger.warn({ err: error }, 'could not reconcile with the queue; trying again');
        });
      }
      await delay(PERIOD_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
