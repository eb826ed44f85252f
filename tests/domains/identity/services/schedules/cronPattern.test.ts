import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextTime,
  readCron,
  readTimeZone,
} from '../../../../../src/domains/identity/services/schedules/cronPattern.ts';

/** The first times of a pattern after a moment, in UTC. */
function times(cron: string, timeZone: string, after: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let at = new Date(after); found.length < count; ) {
    const next = nextTime({ cron, timeZone }, at);
    if (next === null) break;
    found.push(next.toISOString().replace(':00.000Z', 'Z'));
    at = next;
  }
  return found;
}

describe('where clocks are set forward, a time that they skip comes once, as if they had not been', () => {
  it.each([
    // 02:00 becomes 03:00.
    ['30 2 * * *', 'America/Chicago', '2026-03-08', ['07T08:30Z', '08T08:30Z', '09T07:30Z']],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29', ['28T01:30Z', '29T01:30Z', '30T00:30Z']],
    // 00:00 becomes 01:00.
    ['0 0 * * *', 'America/Havana', '2026-03-08', ['07T05:00Z', '08T05:00Z', '09T04:00Z']],
    // 02:00 becomes 02:30.
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-04', ['02T15:45Z', '03T15:45Z', '04T15:15Z']],
  ])('%s in %s', (cron, timeZone, day, expected) => {
    const after = new Date(Date.parse(day) - 36 * 3_600_000).toISOString();
    expect(times(cron, timeZone, after, 3)).toEqual(
      expected.map((rest) => `${day.slice(0, 8)}${rest}`),
    );
  });
});

describe('where clocks are set back, a time that they show twice comes the first time', () => {
  it.each([
    // 02:00 becomes 01:00.
    [
      '30 1 * * *',
      'America/Chicago',
      '2026-11-01',
      ['10-31T06:30Z', '11-01T06:30Z', '11-02T07:30Z'],
    ],
    // 03:00 becomes 02:00.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25', ['10-24T00:30Z', '10-25T00:30Z', '10-26T01:30Z']],
    // 01:00 becomes 00:00.
    ['0 0 * * *', 'America/Havana', '2026-11-01', ['10-31T04:00Z', '11-01T04:00Z', '11-02T05:00Z']],
  ])('%s in %s', (cron, timeZone, day, expected) => {
    const after = new Date(Date.parse(day) - 24 * 3_600_000).toISOString();
    expect(times(cron, timeZone, after, 3)).toEqual(expected.map((rest) => `2026-${rest}`));
  });
});

describe('a pattern of every hour goes by the hours that pass', () => {
  it.each([
    ['2026-03-28T23:10Z', ['03-28T23:30Z', '03-29T00:30Z', '03-29T01:30Z', '03-29T02:30Z']],
    ['2026-10-24T23:10Z', ['10-24T23:30Z', '10-25T00:30Z', '10-25T01:30Z', '10-25T02:30Z']],
  ])('after %s', (after, expected) => {
    expect(times('30 * * * *', 'Europe/Berlin', after, 4)).toEqual(
      expected.map((rest) => `2026-${rest}`),
    );
  });
});

const ZONES = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/'));

it('comes once on every day, in every time zone', () => {
  const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const start = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), minuteOfDay, start, (timeZone, minute, from) => {
      const times = { cron: `${minute % 60} ${Math.floor(minute / 60)} * * *`, timeZone };
      const first = nextTime(times, new Date(from)) ?? new Date(0);
      // Long enough for a change of clocks in half of the cases.
      for (let [at, day] = [first, 1]; day <= 60; day += 1) {
        at = nextTime(times, at) ?? new Date(0);
        expect(Math.round((at.getTime() - first.getTime()) / 86_400_000)).toBe(day);
      }
    }),
    { numRuns: 40 },
  );
});

it('finds the same next time wherever it starts from before it', () => {
  const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      start,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (timeZone, from, share) => {
        const times = { cron: '0,20,45 1-3 * * *', timeZone };
        const next = nextTime(times, new Date(from))?.getTime() ?? 0;
        expect(nextTime(times, new Date(from + share * (next - from)))?.getTime()).toBe(next);
      },
    ),
  );
});

describe('a pattern', () => {
  it.each([
    ['30 2 * * *', '30 2 * * *'],
    ['  0  6 * *  mon-fri ', '0 6 * * MON-FRI'],
    ['*/15 * * * *', '*/15 * * * *'],
    ['0,50 3 * * *', '0,50 3 * * *'],
    ['0 0 29 2 *', '0 0 29 2 *'],
  ])('may be "%s"', (text, cron) => {
    expect(readCron(text)).toBe(cron);
  });

  it.each([
    ['', 'is not a cron pattern'],
    ['every night', 'is not a cron pattern'],
    ['* * * *', 'is not a cron pattern'],
    ['0 30 2 * * *', 'is not a cron pattern'],
    ['@daily', 'is not a cron pattern'],
    ['H 2 * * *', 'is not a cron pattern'],
    ['0 0 L * *', 'is not a cron pattern'],
    ['61 2 * * *', 'is not a cron pattern'],
    ['5-1 2 * * *', 'is not a cron pattern'],
    ['0 0 31 4,6 *', 'never comes'],
    ['0 0 30 2 *', 'never comes'],
    ['0 0 31 apr *', 'never comes'],
    ['0 0 30 13 *', 'is not a cron pattern'],
    ['*/100 0 * * *', 'a step of 100 in "*/100", which goes to 59 only'],
    ['0 */24 * * *', 'a step of 24 in "*/24", which goes to 23 only'],
    ['* * * * *', 'leaves only 1 min '],
    ['*/14 * * * *', 'leaves only 4 min '],
    ['0,50 * * * *', 'leaves only 10 min '],
    ['0,50 23,0 * * *', 'leaves only 10 min '],
  ])('may not be "%s"', (text, problem) => {
    expect(() => readCron(text)).toThrowError(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining(problem),
      }),
    );
  });

  it('may come at any text without an error of another kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0159*/,- LHAN?#') }), (text) => {
        try {
          expect(nextTime({ cron: readCron(text), timeZone: 'UTC' }, new Date())).not.toBeNull();
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
        }
      }),
    );
  });
});

it.each(['Europe/Atlantis', 'europe/berlin', '+01:00', 'CEST', ''])(
  'takes "%s" for no time zone',
  (text) => {
    expect(() => readTimeZone(text)).toThrowError(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  },
);
