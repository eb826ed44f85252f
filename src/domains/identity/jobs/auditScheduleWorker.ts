import type { Job } from 'bullmq';
import type { Logger } from '../../../platform/logger.ts';
import type { ScheduleRunner } from '../services/schedules/runSchedule.ts';
import { AUDIT_SCHEDULE_QUEUE, runScheduleJob } from './auditScheduleJobs.ts';
import type { QueueBackend } from './queueBackend.ts';
import type { RunningWorker } from './runningWorker.ts';

/** Each stages an audit, and holds connections to the database meanwhile. */
const CONCURRENCY = 2;

/** Starts running the schedules of audits that are due. */
export function startAuditScheduleWorker(
  queue: QueueBackend,
  { runSchedule }: ScheduleRunner,
  logger: Logger,
): RunningWorker {
  return queue.createWorker(
    AUDIT_SCHEDULE_QUEUE,
    async (job) => {
      try {
        const { scheduleId, dueAt } = runScheduleJob.payload.parse(job.data);
        await runSchedule(scheduleId, new Date(dueAt ?? dueTime(job)));
      } catch (error) {
        // When it has failed too often, it is late, and reconciling has it run anew.
        logger.error({ err: error, jobId: job.id, job: job.data }, 'job failed');
        throw error;
      }
    },
    CONCURRENCY,
  );
}

/** The time that a job scheduler has made a job for: what it goes on from when it makes the next. */
function dueTime({ id, opts }: Job): number {
  if (opts.prevMillis === undefined) throw new Error(`Job ${id} does not say what it is due at.`);
  return opts.prevMillis;
}
