import { setTimeout as delay } from 'node:timers/promises';
import type { Processor, Worker } from 'bullmq';
import { closeInTime } from './closeInTime.ts';

/** How long to leave a queue alone that can't be worked with at the moment. */
const REST_MS = 1_000;

export interface RunningWorker {
  /** Resolves when jobs are taken from the queue: not before it is there. */
  waitUntilReady(): Promise<void>;
  /** Takes no more jobs, and resolves when those under way are done. */
  close(): Promise<void>;
}

type QueueWorker = Pick<
  Worker,
  'waitUntilReady' | 'run' | 'isRunning' | 'pause' | 'isPaused' | 'resume' | 'close'
>;
type OnError = (error: Error) => void;

/**
 * Runs a worker whose queue may be missing when it starts, and may go away at any time. BullMQ keeps
 * a failed start for good, so such a worker is made anew; and it asks again at once when the queue
 * answers with an error, so it is given a rest.
 *
 * @param create - makes a worker that does not run by itself
 */
export function keepWorkerRunning(
  processor: Processor,
  onError: OnError,
  create: (processor: Processor, onError: OnError) => QueueWorker,
): RunningWorker {
  const closing = new AbortController();
  const jobs = trackJobs(processor);
  const createWorker = (): QueueWorker => {
    const created = create(jobs.run, (error) => recover(created, error));
    return created;
  };
  const recover = (failed: QueueWorker, error: Error): void => {
    onError(error);
    giveRest(failed);
  };
  let worker = createWorker();
  const start = async (): Promise<void> => {
    while (!(await isReady(worker, onError)) && !closing.signal.aborted) {
      await closeInTime(worker.close(true));
      await delay(REST_MS, undefined, { signal: closing.signal }).catch(() => {});
      if (closing.signal.aborted) return;
      worker = createWorker();
    }
    if (!closing.signal.aborted) worker.run().catch((error) => recover(worker, error));
  };
  const started = start();
  return {
    waitUntilReady: () => started,
    async close() {
      closing.abort();
      const closed = worker.close(!worker.isRunning());
      await jobs.allDone();
      await closeInTime(closed);
      // One more may have been on its way from the queue.
      await jobs.allDone();
    },
  };
}

async function isReady(worker: QueueWorker, onError: OnError): Promise<boolean> {
  try {
    await worker.waitUntilReady();
    return true;
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}

/** To resume a worker also runs it again where it has ended. */
function giveRest(worker: QueueWorker): void {
  if (worker.isPaused()) return;
  void worker.pause(true);
  setTimeout(() => void worker.resume(), REST_MS).unref();
}

/** Knows which jobs are under way, also while the queue is away and BullMQ waits for it. */
function trackJobs(processor: Processor): { run: Processor; allDone(): Promise<void> } {
  const underWay = new Set<Promise<unknown>>();
  return {
    run: (job, token) => {
      const running = processor(job, token).finally(() => underWay.delete(running));
      underWay.add(running);
      return running;
    },
    async allDone() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
