import type { JobSchedulerJson, JobsOptions } from 'bullmq';
import type { QueuedSchedule, ScheduleQueue } from '../services/schedules/scheduleQueue.ts';
import { answerInTime } from './answerInTime.ts';
import { AUDIT_SCHEDULE_QUEUE, runScheduleJob } from './auditScheduleJobs.ts';
import { createLastingProducer } from './lastingProducer.ts';
import type { QueueBackend } from './queueBackend.ts';

const jobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
};

/** The queue of schedules, as a client of it: it connects when it is first needed. */
export function createAuditScheduleQueue(
  backend: QueueBackend,
): ScheduleQueue & { close(): Promise<void> } {
  const lasting = createLastingProducer(() => backend.createJobSchedulers(AUDIT_SCHEDULE_QUEUE));
  const { name, payload } = runScheduleJob;
  return {
    list: () =>
      answerInTime(async () => {
        const queue = await lasting.connect();
        return (await queue.getJobSchedulers(0, -1)).map(queuedSchedule);
      }),
    put: ({ id, cron, timeZone }) =>
      answerInTime(async () => {
        const queue = await lasting.connect();
        await queue.upsertJobScheduler(
          id,
          { pattern: cron, tz: timeZone },
          { name, data: payload.parse({ scheduleId: id }), opts: jobOptions },
        );
      }),
    remove: (id) =>
      answerInTime(async () => {
        const queue = await lasting.connect();
        await queue.removeJobScheduler(id);
      }),
    runNow: (id, dueAt) =>
      answerInTime(async () => {
        const queue = await lasting.connect();
        const data = payload.parse({ scheduleId: id, dueAt: dueAt.getTime() });
        await queue.add(name, data, { ...jobOptions, jobId: `late-${id}-${dueAt.getTime()}` });
      }),
    close: lasting.close,
  };
}

function queuedSchedule({ key, pattern, tz, next }: JobSchedulerJson): QueuedSchedule {
  return { id: key, cron: pattern ?? '', timeZone: tz ?? '', nextRunAt: new Date(next ?? 0) };
}
