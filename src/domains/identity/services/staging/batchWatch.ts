import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createLatestValues, type LatestValues } from '../../../../platform/latestValues.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { RESTING } from './batchLifecycle.ts';
import { type BatchProgress, readWatchedProgress, type WatchedProgress } from './batchProgress.ts';

/** Soon enough for a bar that moves, and next to nothing for the database. */
const POLL_MS = 250;

/** Who watches a batch. */
export interface Watcher {
  readonly userId: string;
  /** When their token expires. */
  readonly until: Date;
}

export interface BatchWatch {
  /**
   * The states that a batch comes to, from the present one on; it ends when the batch rests, when it
   * is gone, and when the watch is closed. States between two looks are left out. It also ends, with
   * the state of that time, when the watcher's time is over or they are no member any more: whoever
   * passes states on asks whether they may know it.
   */
  watch(batchId: string, watcher: Watcher): AsyncIterableIterator<BatchProgress>;
  /** Ends everything that is being watched. */
  close(): void;
}

/**
 * Watches batches for any number of subscribers with one short statement every quarter of a second,
 * and with none while nobody watches. It takes no connection of its own, and goes through connection
 * poolers, as LISTEN does not.
 */
export function createBatchWatch(pool: Pool, logger: Logger): BatchWatch {
  const subscribers = new Set<Subscriber>();
  const closing = new AbortController();
  let looking = false;

  const look = async (): Promise<void> => {
    const asking = [...subscribers];
    const rows = await readWatchedProgress(
      pool,
      [...new Set(asking.map(({ batchId }) => batchId))],
      [...new Set(asking.map(({ watcher }) => watcher.userId))],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const subscriber of asking) tell(subscriber, found.get(subscriber.batchId));
  };
  const keepLooking = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    while (subscribers.size > 0 && !closing.signal.aborted) {
      await look().catch((error: unknown) => {
        logger.warn({ err: error }, 'could not look at the batches that are watched; trying again');
      });
      await delay(POLL_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
    looking = false;
  };
  return {
    watch(batchId, watcher) {
      const subscriber: Subscriber = {
        watcher,
        batchId: batchId.toLowerCase(),
        states: createLatestValues(() => subscribers.delete(subscriber)),
        last: null,
      };
      subscribers.add(subscriber);
      if (closing.signal.aborted) subscriber.states.end();
      void keepLooking();
      return subscriber.states.values;
    },
    close() {
      closing.abort();
      for (const { states } of [...subscribers]) states.end();
    },
  };
}

interface Subscriber {
  readonly watcher: Watcher;
  readonly batchId: string;
  readonly states: LatestValues<BatchProgress>;
  /** What was told last. */
  last: BatchProgress | null;
}

function tell(subscriber: Subscriber, state: WatchedProgress | undefined): void {
  const { watcher, states, last } = subscriber;
  if (state === undefined) {
    states.end();
    return;
  }
  const mayKnow = state.memberIds.includes(watcher.userId) && watcher.until.getTime() > Date.now();
  if (last === null || !isSame(last, state) || !mayKnow) states.push(state);
  subscriber.last = state;
  if (RESTING.includes(state.status) || !mayKnow) states.end();
}

function isSame(one: BatchProgress, other: BatchProgress): boolean {
  return one.status === other.status && one.done === other.done && one.total === other.total;
}
