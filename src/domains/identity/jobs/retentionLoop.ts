import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../platform/logger.ts';
import type { RetentionService } from '../services/retention/retentionService.ts';

const PERIOD_MS = 60 * 60 * 1_000;

type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Thins old batches once an hour, beside the reconcile loop: deleting may take longer than that waits.
 *
 * @param wait - waits so many milliseconds, or until it is stopped; by the real clock by default
 */
export function startRetentionLoop(
  { thinOldBatches }: RetentionService,
  logger: Logger,
  wait: Wait = (ms, signal) => delay(ms, undefined, { signal }),
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await thinOldBatches(signal).catch((error: unknown) => {
        logger.warn({ err: error }, 'could not thin old batches; trying again in an hour');
      });
      await wait(PERIOD_MS, signal).catch(() => {});
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
