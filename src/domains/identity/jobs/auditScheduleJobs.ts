import { z } from 'zod';

/** The queue whose job schedulers run the schedules of audits; each has the id of its schedule. */
export const AUDIT_SCHEDULE_QUEUE = 'audit-schedules';

export const runScheduleJob = {
  name: 'runSchedule',
  payload: z.object({
    scheduleId: z.uuid(),
    /** In milliseconds; absent in a job of a job scheduler, which knows it otherwise. */
    dueAt: z.int().optional(),
  }),
} as const;
