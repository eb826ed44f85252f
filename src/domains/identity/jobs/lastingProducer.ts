import { closeInTime } from './closeInTime.ts';

/** What adds jobs to a queue, or asks after them. */
interface QueueClient {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** A client of the queue for the life of the process; the queue may be away when it is first needed. */
export interface LastingProducer<T extends QueueClient> {
  /**
   * The client, once it has been up. It mends its connections from then on, but BullMQ keeps a failed
   * start for good: after one, the next call makes a new one.
   *
   * @throws Error when the queue is away
   */
  connect(): Promise<T>;
  close(): Promise<void>;
}

export function createLastingProducer<T extends QueueClient>(create: () => T): LastingProducer<T> {
  let producer: T | undefined;
  return {
    async connect() {
      producer ??= create();
      const starting = producer;
      try {
        await starting.waitUntilReady();
        return starting;
      } catch (error) {
        if (producer === starting) {
          producer = undefined;
          await closeInTime(starting.close());
        }
        throw error;
      }
    },
    async close() {
      if (producer !== undefined) await closeInTime(producer.close());
    },
  };
}
