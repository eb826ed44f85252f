import type { CronTimes } from './cronPattern.ts';

/** What has the queue run a schedule. */
export interface QueuedSchedule extends CronTimes {
  readonly id: string;
  readonly nextRunAt: Date;
}

/**
 * The queue, as the schedules know it. All of it throws `QUEUE_UNAVAILABLE` within five seconds when
 * the queue is away.
 */
export interface ScheduleQueue {
  /** What the queue runs. */
  list(): Promise<readonly QueuedSchedule[]>;
  /** Has the queue run a schedule at its times from now on, instead of those it had. */
  put(schedule: CronTimes & { readonly id: string }): Promise<void>;
  /** Has the queue run a schedule no more. */
  remove(id: string): Promise<void>;
  /** Has the queue run a schedule once, for a time that has passed; several calls for one come to one. */
  runNow(id: string, dueAt: Date): Promise<void>;
}
