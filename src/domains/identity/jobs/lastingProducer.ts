import { closeInTime } from './closeInTime.ts';
import type { Producer, QueueBackend } from './queueBackend.ts';

/** A producer for the life of the process, whose queue may be away when it is first needed. */
export interface LastingProducer {
  /**
   * The producer, once it has been up. It mends its connections from then on, but BullMQ keeps a
   * failed start for good: after one, the next call makes a new producer.
   *
   * @throws Error when the queue is away
   */
  connect(): Promise<Producer>;
  close(): Promise<void>;
}

export function createLastingProducer(backend: QueueBackend): LastingProducer {
  let producer: Producer | undefined;
  return {
    async connect() {
      producer ??= backend.createProducer();
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
