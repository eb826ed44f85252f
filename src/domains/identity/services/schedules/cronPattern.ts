import { type CronExpression, CronExpressionParser } from 'cron-parser';
import { badUserInput } from '../../../../platform/errors.ts';
import { isTimeZone } from '../../rules/values/timeZone.ts';
import { instantsOf, wallTimeAt } from './wallTime.ts';

/** When something is to be done, again and again. */
export interface CronTimes {
  /** Five fields, as cron has them. */
  readonly cron: string;
  /** An IANA time zone. */
  readonly timeZone: string;
}

const MINUTE_MS = 60_000;
const MIN_GAP_MINUTES = 15;

/** By how much clocks are set at the most, and more: runs move by no more than this. */
const CHANGE_MS = 3 * 60 * MINUTE_MS;

/** Any: the times of a pattern in UTC do not depend on it. */
const EPOCH = Date.UTC(2026, 0, 1);

/** Digits, names of months and days, and what joins them; not the extensions of other crons. */
const FIELD = /^(?:[\d*,/-]|[A-Z]{3})+$/;

/** Of minute, hour, day of month, month and day of week. */
const LARGEST = [59, 23, 31, 12, 7];

/** Which of the fields are day of month and month. */
const DAY = 2;
const MONTH = 3;

/**
 * Reads a cron pattern.
 *
 * @param text - minute, hour, day of month, month and day of week
 * @returns the pattern as it is kept
 * @throws `BAD_USER_INPUT` for what is no such pattern, never comes, or comes too often
 */
export function readCron(text: string): string {
  const fields = text.trim().toUpperCase().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) throw noPattern(text);
  for (const [index, field] of fields.entries()) assertStepFits(field, LARGEST[index] ?? 0, text);
  const cron = fields.join(' ');
  // The library takes some days that no month has for mistakes, and for others just finds no time.
  const isEachPart = [fields.with(DAY, '1'), fields.with(MONTH, '*')].every(isPattern);
  if (isEachPart && !isPattern(fields)) throw neverComes(text);
  const pattern = parse(cron, EPOCH, text);
  if (nextWallTime(pattern) === null) throw neverComes(text);
  const gap = smallestGap(pattern);
  if (gap < MIN_GAP_MINUTES) {
    throw badUserInput(
      'input.cron',
      `"${text}" leaves only ${gap} min between two audits at times. Leave at least ${MIN_GAP_MINUTES}, as in "*/${MIN_GAP_MINUTES} * * * *".`,
    );
  }
  return cron;
}

/** @throws `BAD_USER_INPUT` for what is not the name of a time zone */
export function readTimeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw badUserInput(
    'input.timeZone',
    `"${text}" is not a time zone: use an IANA name such as Europe/Berlin or UTC.`,
  );
}

/**
 * The first time of a pattern after an instant; null where there is none.
 *
 * Where clocks are set, a pattern comes once for each of its wall times: one that they skip as if they
 * had not been set (02:30 at what is then 03:30), one that they show twice when they show it first. A
 * pattern of every hour goes by the hours that pass instead: what is skipped is left out, and what is
 * shown twice comes twice. The library's own reckoning in a time zone loses days on which clocks skip
 * midnight or half an hour, so that it reckons in wall time alone here.
 */
export function nextTime({ cron, timeZone }: CronTimes, after: Date): Date | null {
  const pattern = parse(cron, wallTimeAt(after.getTime(), timeZone) - CHANGE_MS, cron);
  const everyHour = pattern.fields.hour.values.length === 24;
  let next: { readonly at: number; readonly wallTime: number } | null = null;
  for (;;) {
    const wallTime = nextWallTime(pattern);
    // A later wall time may come earlier where clocks are set in between.
    const settled = next !== null && wallTime !== null && wallTime > next.wallTime + CHANGE_MS;
    if (wallTime === null || settled) return next === null ? null : new Date(next.at);
    for (const at of runsAt(wallTime, timeZone, everyHour)) {
      if (at > after.getTime() && (next === null || at < next.at)) next = { at, wallTime };
    }
  }
}

function runsAt(wallTime: number, timeZone: string, everyHour: boolean): readonly number[] {
  const { shown, unchanged } = instantsOf(wallTime, timeZone);
  return everyHour ? shown : [shown[0] ?? unchanged];
}

/** @param from - a wall time, as all that come of the pattern */
function parse(cron: string, from: number, text: string): CronExpression {
  try {
    return CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(from) });
  } catch {
    throw noPattern(text);
  }
}

function isPattern(fields: readonly string[]): boolean {
  try {
    CronExpressionParser.parse(fields.join(' '));
    return true;
  } catch {
    return false;
  }
}

/** A larger step would leave the first value alone, which is hardly what somebody means by it. */
function assertStepFits(field: string, largest: number, text: string): void {
  for (const [, step] of field.matchAll(/\/(\d+)/g)) {
    if (Number(step) > largest) {
      throw badUserInput(
        'input.cron',
        `"${text}" has a step of ${step} in "${field}", which goes to ${largest} only.`,
      );
    }
  }
}

function nextWallTime(pattern: CronExpression): number | null {
  try {
    return pattern.next().getTime();
  } catch {
    // There is none within the years that the library looks at.
    return null;
  }
}

/** The shortest time between two runs, in minutes. */
function smallestGap({ fields }: CronExpression): number {
  const minutes = numbersOf(fields.minute.values);
  const hours = new Set(numbersOf(fields.hour.values));
  const gaps = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));
  const overTheHour = 60 + (minutes[0] ?? 0) - (minutes.at(-1) ?? 0);
  const hoursInARow = [...hours].some((hour) => hours.has((hour + 1) % 24));
  return Math.min(60 * 24, ...gaps, ...(hoursInARow ? [overTheHour] : []));
}

function numbersOf(values: readonly unknown[]): readonly number[] {
  return values.map(Number).sort((one, other) => one - other);
}

function neverComes(text: string): Error {
  return badUserInput('input.cron', `"${text}" never comes: no month has such a day.`);
}

function noPattern(text: string): Error {
  return badUserInput(
    'input.cron',
    `"${text}" is not a cron pattern: give minute, hour, day of month, month and day of week, such as "30 2 * * 1-5".`,
  );
}
