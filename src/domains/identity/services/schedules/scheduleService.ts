import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError, notFound } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { AuditMode } from '../../generated/prisma/enums.ts';
import { assertNotArchived } from '../workspaceArchive.ts';
import { type AuditSchedule, lockSchedule } from './auditSchedule.ts';
import { nextTime, readCron, readTimeZone } from './cronPattern.ts';

const MAX_SCHEDULES = 20;
const MAX_TITLE_LENGTH = 200;

export interface CreateAuditScheduleInput {
  readonly workspaceId: string;
  /** Id of the user who asks for it, on whose behalf it runs. */
  readonly ownerId: string;
  readonly cron: string;
  /** Default: UTC. */
  readonly timeZone: string | null;
  /** Default: FULL. */
  readonly mode: AuditMode | null;
  /** Of the audits; null for the usual one. */
  readonly title: string | null;
}

/** What is left out stays as it is. */
export interface UpdateAuditScheduleInput {
  readonly scheduleId: string;
  /** Id of the user who asks for it; who resumes a schedule is its owner from then on. */
  readonly actorId: string;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly mode?: AuditMode;
  /** Null for the usual one. */
  readonly title?: string | null;
  readonly paused?: boolean;
}

/** Only writes the table: each worker has the queue follow it. */
export interface ScheduleService {
  /**
   * @returns the id of the schedule
   * @throws `BAD_USER_INPUT` for what can't be one; `CONFLICT` in an archived workspace, and in one
   *   that has as many as it may have
   */
  readonly create: (input: CreateAuditScheduleInput) => Promise<string>;
  /** @throws `BAD_USER_INPUT` for what can't be one; `NOT_FOUND` */
  readonly update: (input: UpdateAuditScheduleInput) => Promise<void>;
  /** @throws `NOT_FOUND` */
  readonly remove: (scheduleId: string) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly now?: () => Date;
}

export function createScheduleService({
  pool,
  now = () => new Date(),
}: Dependencies): ScheduleService {
  return {
    create: (input) => inTransaction(pool, (client) => createSchedule(client, input, now())),
    update: (input) => inTransaction(pool, (client) => updateSchedule(client, input, now())),
    async remove(scheduleId) {
      const { rowCount } = await pool.query(sql`
        DELETE FROM audit_schedule WHERE id = ${scheduleId}`);
      if (rowCount === 0) throw notFound('audit schedule');
    },
  };
}

async function createSchedule(
  client: ClientBase,
  input: CreateAuditScheduleInput,
  now: Date,
): Promise<string> {
  const { workspaceId, ownerId } = input;
  const cron = readCron(input.cron);
  const timeZone = readTimeZone(input.timeZone ?? 'UTC');
  const title = readTitle(input.title);
  // Locks the workspace: nobody else adds a schedule, or archives it, at the same time.
  await assertNotArchived(client, workspaceId);
  await assertRoomForOne(client, workspaceId);
  const id = uuidv7();
  await client.query(sql`
    INSERT INTO audit_schedule (id, workspace_id, owner_id, title, mode, cron, time_zone, next_run_at)
    VALUES (${id}, ${workspaceId}, ${ownerId}, ${title}, ${input.mode ?? 'FULL'}, ${cron}, ${timeZone},
            ${nextTime({ cron, timeZone }, now)})`);
  return id;
}

async function assertRoomForOne(client: ClientBase, workspaceId: string): Promise<void> {
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM audit_schedule WHERE workspace_id = ${workspaceId}`);
  if ((rows[0]?.count ?? 0) < MAX_SCHEDULES) return;
  throw new ExpectedError(
    'CONFLICT',
    `This workspace has ${MAX_SCHEDULES} schedules, as many as it may have. Delete one first.`,
  );
}

async function updateSchedule(
  client: ClientBase,
  input: UpdateAuditScheduleInput,
  now: Date,
): Promise<void> {
  const before = await lockSchedule(client, input.scheduleId);
  if (before === null) throw notFound('audit schedule');
  const after = changed(before, input, now);
  await client.query(sql`
    UPDATE audit_schedule
    SET owner_id = ${after.ownerId}, title = ${after.title}, mode = ${after.mode},
        cron = ${after.cron}, time_zone = ${after.timeZone}, next_run_at = ${after.nextRunAt},
        paused_at = ${after.pausedAt}, updated_at = now(),
        pause_reason = CASE WHEN ${after.pausedAt}::timestamptz = paused_at THEN pause_reason END
    WHERE id = ${before.id}`);
}

function changed(before: AuditSchedule, input: UpdateAuditScheduleInput, now: Date): AuditSchedule {
  const cron = input.cron === undefined ? before.cron : readCron(input.cron);
  const timeZone = input.timeZone === undefined ? before.timeZone : readTimeZone(input.timeZone);
  const title = input.title === undefined ? before.title : readTitle(input.title);
  const wasPaused = before.pausedAt !== null;
  const paused = input.paused ?? wasPaused;
  const sameTimes = !wasPaused && cron === before.cron && timeZone === before.timeZone;
  const nextRunAt = sameTimes ? before.nextRunAt : nextTime({ cron, timeZone }, now);
  return {
    ...before,
    ...{ cron, timeZone, title, mode: input.mode ?? before.mode },
    ownerId: wasPaused && !paused ? input.actorId : before.ownerId,
    pausedAt: paused ? (before.pausedAt ?? now) : null,
    nextRunAt: paused ? null : nextRunAt,
  };
}

/** @throws `BAD_USER_INPUT` for a title that can't be */
function readTitle(text: string | null): string | null {
  if (text === null) return null;
  const title = text.trim();
  if (title !== '' && title.length <= MAX_TITLE_LENGTH) return title;
  throw badUserInput(
    'input.title',
    `A title has 1 to ${MAX_TITLE_LENGTH} characters. Leave it out to have that of other audits.`,
  );
}
