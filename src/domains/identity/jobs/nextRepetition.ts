import type { RepeatOptions } from 'bullmq';
import { nextTime } from '../services/schedules/cronPattern.ts';

/** When a job scheduler comes next, in BullMQ's terms: as the schedule itself has it, to the second. */
export function nextRepetition(after: number, { pattern, tz }: RepeatOptions): number | undefined {
  if (pattern === undefined || tz === undefined) return undefined;
  return nextTime({ cron: pattern, timeZone: tz }, new Date(after))?.getTime();
}
