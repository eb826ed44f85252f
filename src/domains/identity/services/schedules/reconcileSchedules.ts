import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { CronTimes } from './cronPattern.ts';
import type { QueuedSchedule, ScheduleQueue } from './scheduleQueue.ts';

/** A run that has not begun so long after its time is made up for. */
const LATE_MS = 15_000;
/** A job scheduler whose next time is so long past has lost its job: workers may be busy for a while. */
const LOST_MS = 60_000;
/** How often the queue is looked through although no schedule has changed: it may have lost some. */
const PERIOD_MS = 60_000;
/** Any number will do that nothing else uses as an advisory lock: "drc2" in ASCII. */
const SCHEDULES_LOCK = 0x64_72_63_32;

export interface ScheduleReconciler {
  /**
   * Has the queue follow the table: puts in what is missing or different, removes what is not there,
   * and has the queue run what should have run and has not. Cheap where nothing has changed since the
   * last call. Only one process at a time does this, so that every worker may try.
   *
   * @throws `QUEUE_UNAVAILABLE` when the queue is away
   */
  readonly reconcileSchedules: () => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly queue: ScheduleQueue;
  readonly logger: Logger;
  readonly now?: () => Date;
}

interface RunningSchedule extends CronTimes {
  readonly id: string;
  readonly nextRunAt: Date;
}

export function createScheduleReconciler({
  pool,
  queue,
  logger,
  now = () => new Date(),
}: Dependencies): ScheduleReconciler {
  let followed = { table: '', at: Number.NEGATIVE_INFINITY };
  return {
    reconcileSchedules: () =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ locked: boolean }>(sql`
          SELECT pg_try_advisory_xact_lock(${SCHEDULES_LOCK}) AS locked`);
        if (!rows[0]?.locked) return;
        const at = now();
        const table = await tableState(client);
        await runLate(client, queue, logger, at);
        if (table === followed.table && at.getTime() < followed.at + PERIOD_MS) return;
        await follow(await runningSchedules(client), queue, at);
        followed = { table, at: at.getTime() };
      }),
  };
}

/** Differs when a schedule was created, changed or deleted. */
async function tableState(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ state: string }>(sql`
    SELECT concat_ws(' ', count(*), max(updated_at), max(id::text)) AS state FROM audit_schedule`);
  return rows[0]?.state ?? '';
}

async function runningSchedules(client: ClientBase): Promise<readonly RunningSchedule[]> {
  const { rows } = await client.query<RunningSchedule>(sql`
    SELECT id, cron, time_zone AS "timeZone", next_run_at AS "nextRunAt"
    FROM audit_schedule WHERE next_run_at IS NOT NULL`);
  return rows;
}

/** One that is locked is running. */
async function runLate(
  client: ClientBase,
  queue: ScheduleQueue,
  logger: Logger,
  now: Date,
): Promise<void> {
  const { rows } = await client.query<Pick<RunningSchedule, 'id' | 'nextRunAt'>>(sql`
    SELECT id, next_run_at AS "nextRunAt" FROM audit_schedule
    WHERE next_run_at < ${new Date(now.getTime() - LATE_MS)}
    FOR SHARE SKIP LOCKED`);
  for (const { id, nextRunAt } of rows) {
    logger.warn({ scheduleId: id, dueAt: nextRunAt }, 'running a schedule late');
    await queue.runNow(id, nextRunAt);
  }
}

async function follow(
  schedules: readonly RunningSchedule[],
  queue: ScheduleQueue,
  now: Date,
): Promise<void> {
  const queued = new Map((await queue.list()).map((entry) => [entry.id, entry]));
  const wanted = new Set(schedules.map(({ id }) => id));
  for (const schedule of schedules) {
    if (!isFollowed(schedule, queued.get(schedule.id), now)) await queue.put(schedule);
  }
  for (const id of queued.keys()) if (!wanted.has(id)) await queue.remove(id);
}

/** One whose next time has long passed, although workers are there, has lost the job for it. */
function isFollowed(
  { cron, timeZone }: CronTimes,
  queued: QueuedSchedule | undefined,
  now: Date,
): boolean {
  return (
    queued !== undefined &&
    queued.cron === cron &&
    queued.timeZone === timeZone &&
    queued.nextRunAt.getTime() > now.getTime() - LOST_MS
  );
}
