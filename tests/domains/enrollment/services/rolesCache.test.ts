import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheRoles } from '../../../../src/domains/enrollment/services/rolesCache.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ada = { authorization: 'Bearer ada', requestId: '1' };
const bob = { authorization: 'Bearer bob', requestId: '2' };

describe('the cache of roles', () => {
  it('asks once for requests within five seconds, and again after them', async () => {
    const fetchRoles = vi.fn(async () => new Map());
    const rolesOf = cacheRoles(fetchRoles);

    await rolesOf(ada);
    vi.advanceTimersByTime(4_999);
    await rolesOf(ada);
    expect(fetchRoles).toHaveBeenCalledTimes(1);

    vi.advanceTimersByTime(1);
    await rolesOf(ada);
    expect(fetchRoles).toHaveBeenCalledTimes(2);
  });

  it('asks once for requests at the same time', async () => {
    const fetchRoles = vi.fn(async () => new Map());
    const rolesOf = cacheRoles(fetchRoles);

    await Promise.all([rolesOf(ada), rolesOf(ada)]);

    expect(fetchRoles).toHaveBeenCalledTimes(1);
  });

  it('keeps tokens apart', async () => {
    const rolesOf = cacheRoles(
      async ({ authorization }) =>
        new Map(
          authorization === ada.authorization
            ? [['w', { role: 'ADMIN' as const, archived: false }]]
            : [],
        ),
    );

    expect((await rolesOf(ada)).size).toBe(1);
    expect((await rolesOf(bob)).size).toBe(0);
  });

  it('does not keep failures', async () => {
    const fetchRoles = vi.fn(async () => new Map()).mockRejectedValueOnce(new Error('away'));
    const rolesOf = cacheRoles(fetchRoles);

    await expect(rolesOf(ada)).rejects.toThrow('away');

    expect(await rolesOf(ada)).toEqual(new Map());
  });
});
