import { expect, it } from 'vitest';
import { startRetentionLoop } from '../../../../src/domains/identity/jobs/retentionLoop.ts';
import { createTestLogger } from '../../../platform/testLogger.ts';
import { waitFor } from '../../../support/waitFor.ts';

const HOUR = 3_600_000;

/** A clock that stands still until it is moved. */
function createClock() {
  const alarms: { readonly ms: number; readonly ring: () => void }[] = [];
  return {
    wait: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        alarms.push({ ms, ring: resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    /** Waits until somebody waits for the clock, lets that time pass, and says how long it was. */
    async pass(): Promise<number> {
      const { ms, ring } = await waitFor('the loop to wait', async () => alarms.shift());
      ring();
      return ms;
    },
  };
}

it('thins at once, then once an hour, also after a pass that failed', async () => {
  const clock = createClock();
  const { logger, lines } = createTestLogger();
  let passes = 0;
  const thinOldBatches = async () => {
    passes += 1;
    if (passes === 2) throw new Error('The database is away.');
  };

  const loop = startRetentionLoop({ thinOldBatches }, logger, clock.wait);

  expect([await clock.pass(), passes]).toEqual([HOUR, 1]);
  expect([await clock.pass(), passes]).toEqual([HOUR, 2]);
  expect([await clock.pass(), passes]).toEqual([HOUR, 3]);
  expect(lines).toMatchObject([{ msg: expect.stringContaining('trying again in an hour') }]);
  await loop.stop();
});

it('does not begin another pass while one takes longer than an hour', async () => {
  const clock = createClock();
  const { logger } = createTestLogger();
  const long = Promise.withResolvers<void>();
  let passes = 0;
  const thinOldBatches = async () => {
    passes += 1;
    await long.promise;
  };

  const loop = startRetentionLoop({ thinOldBatches }, logger, clock.wait);
  const passed = clock.pass();
  await new Promise(setImmediate);
  expect(passes).toBe(1);
  long.resolve();

  expect(await passed).toBe(HOUR);
  await loop.stop();
});

it('stops while it waits, and ends the pass that is under way when it is told to', async () => {
  const clock = createClock();
  const { logger, lines } = createTestLogger();
  const signals: AbortSignal[] = [];
  const untilAborted = (signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal === undefined) throw new Error('There is no signal.');
      signals.push(signal);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });

  await startRetentionLoop({ thinOldBatches: untilAborted }, logger, clock.wait).stop();
  expect(signals).toMatchObject([{ aborted: true }]);

  const waiting = startRetentionLoop({ thinOldBatches: async () => {} }, logger, clock.wait);
  await clock.pass();
  await waiting.stop();
  expect(lines).toEqual([]);
});
