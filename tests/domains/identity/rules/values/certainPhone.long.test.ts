import { describe, expect, it } from 'vitest';
import { compareWithLibrary } from './phoneComparison.ts';

describe('certainPhone', () => {
  it('agrees with the library on millions of numbers, others each time', {
    timeout: 600_000,
  }, () => {
    const { read, accepted, differing } = compareWithLibrary(100, Date.now());
    expect(differing).toEqual([]);
    expect(read).toBeGreaterThan(9_000_000);
    expect(accepted).toBeGreaterThan(1_500_000);
  });
});
