import { expect, it, vi } from 'vitest';
import { createLatestValues } from '../../src/platform/latestValues.ts';

it('gives the reader the newest value, and none that is out of date', async () => {
  const latest = createLatestValues<number>(() => {});
  for (const value of [1, 2, 3]) latest.push(value);
  latest.end();

  expect(await Array.fromAsync(latest.values)).toEqual([3]);
});

it('gives a value to a reader who waits', async () => {
  const latest = createLatestValues<number>(() => {});
  const next = latest.values.next();

  latest.push(1);

  expect(await next).toEqual({ done: false, value: 1 });
});

it('lets a reader go who waits, and tells of it once', async () => {
  const onEnd = vi.fn();
  const latest = createLatestValues<number>(onEnd);
  const next = latest.values.next();

  await latest.values.return?.();

  expect(await next).toEqual({ done: true, value: undefined });
  latest.push(1);
  latest.end();
  expect(await latest.values.next()).toEqual({ done: true, value: undefined });
  expect(onEnd).toHaveBeenCalledOnce();
});
