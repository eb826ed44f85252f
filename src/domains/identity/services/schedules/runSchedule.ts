import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { ExpectedError } from '../../../../platform/errors.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction, isDatabaseAway } from '../../../../platform/postgres/pool.ts';
import type { AuditRunnerService } from '../staging/auditRunnerService.ts';
import { failStagedBatch } from '../staging/stagedBatch.ts';
import { type AuditSchedule, lockSchedule } from './auditSchedule.ts';
import { type CronTimes, nextTime } from './cronPattern.ts';
import { pauseWithoutRight } from './pauseWithoutRight.ts';

/** More times that were missed are not counted one by one. */
const MAX_COUNTED = 200;

export interface ScheduleRunner {
  /**
   * Triggers the audit of a schedule, on behalf of its owner, and says when the next is due. However
   * often it is called for one time, and by however many workers at once, it triggers one audit. One
   * that can't be triggered at the moment is left out, and the schedule says why.
   *
   * @param dueAt - the time of the schedule that it is called for; one before those that are still to
   *   come does nothing
   * @throws what says that the queue or the database is away: then the time is still to come
   */
  readonly runSchedule: (scheduleId: string, dueAt: Date) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly triggerDataAudit: AuditRunnerService['triggerDataAudit'];
  readonly logger: Logger;
  readonly now?: () => Date;
}

export function createScheduleRunner(dependencies: Dependencies): ScheduleRunner {
  return { runSchedule: (scheduleId, dueAt) => runSchedule(dependencies, scheduleId, dueAt) };
}

/**
 * The schedule stays locked until its audit has been staged, so that nobody triggers another for the
 * same time. That takes two connections of the pool at once; a worker runs few schedules at a time.
 */
async function runSchedule(
  dependencies: Dependencies,
  scheduleId: string,
  dueAt: Date,
): Promise<void> {
  const { pool, now = () => new Date() } = dependencies;
  await inTransaction(pool, async (client) => {
    const schedule = await lockSchedule(client, scheduleId);
    if (schedule === null || !isDue(schedule, dueAt)) return;
    if ((await pauseWithoutRight(client, schedule)).includes(scheduleId)) return;
    const runAt = new Date(Math.max(now().getTime(), dueAt.getTime()));
    const { missedCount, next } = timesUntil(schedule, schedule.nextRunAt, runAt);
    const { batchId, problem } = await auditOnce(dependencies, schedule);
    const problems = [missedProblem(missedCount, schedule.nextRunAt), problem];
    await client.query(sql`
      UPDATE audit_schedule
      SET last_run_at = ${runAt}, next_run_at = ${next}, updated_at = now(),
          last_problem = ${problems.filter((text) => text !== null).join(' ') || null},
          last_batch_id = coalesce(${batchId}::uuid, last_batch_id)
      WHERE id = ${scheduleId}`);
  });
}

/** A schedule that runs. */
type DueSchedule = AuditSchedule & { readonly nextRunAt: Date };

function isDue(schedule: AuditSchedule, dueAt: Date): schedule is DueSchedule {
  return schedule.nextRunAt !== null && schedule.nextRunAt <= dueAt;
}

interface Outcome {
  /** The audit, or null where there is none. */
  readonly batchId: string | null;
  /** Why there is none. */
  readonly problem: string | null;
}

async function auditOnce(dependencies: Dependencies, schedule: DueSchedule): Promise<Outcome> {
  const { pool, triggerDataAudit, logger } = dependencies;
  const earlier = await batchOfEarlierTry(pool, schedule);
  if (earlier !== null) return { batchId: earlier, problem: null };
  try {
    const { batch } = await triggerDataAudit({
      workspaceId: schedule.workspaceId,
      createdBy: schedule.ownerId,
      mode: schedule.mode,
      ...(schedule.title === null ? {} : { title: schedule.title }),
      schedule: { id: schedule.id, dueAt: schedule.nextRunAt },
    });
    return { batchId: batch.id, problem: null };
  } catch (error) {
    if (isOutage(error)) throw error;
    return { batchId: null, problem: problemOf(error, schedule, logger) };
  }
}

/**
 * The audit that was triggered for the same time by a worker that has died before it could say so.
 * Had it died while the rows came in, nothing will come of them.
 */
async function batchOfEarlierTry(pool: Pool, schedule: DueSchedule): Promise<string | null> {
  const { rows } = await pool.query<{ id: string; status: string }>(sql`
    SELECT id, status FROM staged_batch
    WHERE workspace_id = ${schedule.workspaceId} AND schedule_id = ${schedule.id}
      AND scheduled_for = ${schedule.nextRunAt} AND status <> 'FAILED'
    ORDER BY id DESC LIMIT 1`);
  const [batch] = rows;
  if (batch?.status !== 'STAGING') return batch?.id ?? null;
  await failStagedBatch(pool, batch.id, 'The process that staged the rows has ended.');
  return null;
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof ExpectedError)) return isDatabaseAway(error);
  return error.code === 'QUEUE_UNAVAILABLE' || error.code === 'SERVICE_UNAVAILABLE';
}

function problemOf(error: unknown, { id, nextRunAt }: DueSchedule, logger: Logger): string {
  const due = `The audit of ${nextRunAt.toISOString()} was left out`;
  if (error instanceof ExpectedError) return `${due}: ${error.message}`;
  logger.error({ err: error, scheduleId: id, dueAt: nextRunAt }, 'schedule failed');
  return `${due} for a technical reason; the worker's log has the details under schedule ${id}.`;
}

/** @returns how many times came after the first one, up to `until`, and which comes then */
function timesUntil(
  times: CronTimes,
  first: Date,
  until: Date,
): { readonly missedCount: number; readonly next: Date | null } {
  let missedCount = 0;
  for (let at = first; missedCount < MAX_COUNTED; missedCount += 1) {
    const next = nextTime(times, at);
    if (next === null || next > until) return { missedCount, next };
    at = next;
  }
  return { missedCount, next: nextTime(times, until) };
}

function missedProblem(count: number, first: Date): string | null {
  if (count === 0) return null;
  const times =
    count === 1 ? '1 time was' : `${count === MAX_COUNTED ? `${count} or more` : count} times were`;
  return `${times} missed after ${first.toISOString()}, while no worker was there: one run stands for all.`;
}
