const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(timeZone, format);
  }
  return format;
}

/**
 * What clocks in a time zone show at an instant, to the second: written as the instant at which
 * clocks in UTC show the same. Both are in milliseconds.
 */
export function wallTimeAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(
    ...[part('year'), part('month') - 1, part('day')],
    ...[part('hour'), part('minute'), part('second')],
  );
}

/** The instants that belong to a wall time. */
export interface WallTimeInstants {
  /** When clocks show it: once, twice where they are set back over it, never where they skip it. */
  readonly shown: readonly number[];
  /** When they would show it, had they not been set meanwhile: what to go by where they skip it. */
  readonly unchanged: number;
}

/** Finds the instants of a wall time as {@link wallTimeAt} writes it. */
export function instantsOf(wallTime: number, timeZone: string): WallTimeInstants {
  const offsetAt = (instant: number): number => wallTimeAt(instant, timeZone) - instant;
  // No offset is as much as a day, so that one of the two is before a change and the other after it.
  const before = wallTime - offsetAt(wallTime - DAY_MS);
  const after = wallTime - offsetAt(wallTime + DAY_MS);
  const shown = [...new Set([before, after])]
    .filter((instant) => wallTimeAt(instant, timeZone) === wallTime)
    .sort((one, other) => one - other);
  return { shown, unchanged: before };
}
