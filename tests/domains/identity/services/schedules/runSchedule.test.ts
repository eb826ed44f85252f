import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createScheduleRunner,
  type ScheduleRunner,
} from '../../../../../src/domains/identity/services/schedules/runSchedule.ts';
import {
  createScheduleService,
  type ScheduleService,
} from '../../../../../src/domains/identity/services/schedules/scheduleService.ts';
import {
  createAuditRunnerService,
  type TriggerDataAuditInput,
} from '../../../../../src/domains/identity/services/staging/auditRunnerService.ts';
import { createIngestionService } from '../../../../../src/domains/identity/services/staging/ingestionService.ts';
import { removeMember } from '../../../../../src/domains/identity/services/workspaceService.ts';
import { ExpectedError } from '../../../../../src/platform/errors.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let admin: string;
let owner: string;
let schedules: ScheduleService;
let runner: ScheduleRunner;
let workspaceId: string;
let now: Date;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  admin = await testbed.createUser('admin');
  owner = await testbed.createUser('owner');
  const { pool } = testbed.runtime;
  schedules = createScheduleService({ pool, now: () => now });
  runner = runnerWith(testbed.runtime.auditRunner.triggerDataAudit);
  await testbed.startWorker();
});
beforeEach(async () => {
  now = new Date('2026-03-01T12:00Z');
  workspaceId = await testbed.createWorkspace({ createdBy: admin });
  await testbed.addMember(workspaceId, owner, 'ADMIN');
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
});
afterAll(() => testbed.close());

function runnerWith(
  triggerDataAudit: typeof testbed.runtime.auditRunner.triggerDataAudit,
): ScheduleRunner {
  const logger = pino({ level: 'silent' });
  return createScheduleRunner({
    ...{ pool: testbed.runtime.pool, logger, now: () => now, triggerDataAudit },
  });
}

const createSchedule = (cron = '30 2 * * *', timeZone = 'America/Chicago'): Promise<string> =>
  schedules.create({ workspaceId, ownerId: owner, cron, timeZone, mode: null, title: 'Nightly' });

async function scheduleOf(id: string) {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT owner_id AS "ownerId", next_run_at AS "nextRunAt", last_run_at AS "lastRunAt", last_problem AS problem,
            last_batch_id AS "lastBatchId", paused_at AS "pausedAt", pause_reason AS "pauseReason"
     FROM audit_schedule WHERE id = $1`,
    [id],
  );
  return rows[0];
}

async function audits() {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT id, status, title, created_by_id AS "createdBy", schedule_id AS "scheduleId",
            scheduled_for AS "scheduledFor"
     FROM staged_batch WHERE workspace_id = $1 ORDER BY id`,
    [workspaceId],
  );
  return rows;
}

/** Runs a schedule at its next time, and its audit to the end. */
async function runNext(id: string): Promise<Date> {
  const dueAt: Date = (await scheduleOf(id)).nextRunAt;
  now = dueAt;
  await runner.runSchedule(id, dueAt);
  const { lastBatchId } = await scheduleOf(id);
  await testbed.untilResting(lastBatchId);
  return dueAt;
}

it('triggers an audit on behalf of its owner, and says when the next is due', async () => {
  const id = await createSchedule();

  await runNext(id);

  const [batch] = await audits();
  expect(batch).toMatchObject({ title: 'Nightly', createdBy: owner, scheduleId: id });
  expect(await scheduleOf(id)).toMatchObject({
    lastRunAt: new Date('2026-03-02T08:30Z'),
    nextRunAt: new Date('2026-03-03T08:30Z'),
    lastBatchId: batch.id,
    problem: null,
  });
});

it.each([
  ['forward', '2026-03-06T12:00Z', '30 2 * * *', ['07T08:30', '08T08:30', '09T07:30']],
  ['back', '2026-10-30T12:00Z', '30 1 * * *', ['31T06:30', '01T06:30', '02T07:30']],
])('runs once on the day on which clocks are set %s', async (_, from, cron, expected) => {
  now = new Date(from);
  const id = await createSchedule(cron);

  const runs = [await runNext(id), await runNext(id), await runNext(id)];

  expect(runs.map((at) => at.toISOString().slice(8, 16))).toEqual(expected);
  expect(await audits()).toHaveLength(3);
});

it('runs once when it is late, and says how many times were missed', async () => {
  const id = await createSchedule();
  now = new Date('2026-03-05T20:00Z');

  await runner.runSchedule(id, new Date('2026-03-02T08:30Z'));
  await runner.runSchedule(id, new Date('2026-03-05T08:30Z'));

  expect(await audits()).toHaveLength(1);
  expect(await scheduleOf(id)).toMatchObject({
    lastRunAt: now,
    nextRunAt: new Date('2026-03-06T08:30Z'),
    problem: expect.stringContaining('3 times were missed after 2026-03-02T08:30:00.000Z'),
  });
  await testbed.untilResting((await scheduleOf(id)).lastBatchId);
  await runNext(id);
  expect(await scheduleOf(id)).toMatchObject({ problem: null });
});

it('counts many missed times to a limit only', async () => {
  const id = await createSchedule('*/15 * * * *', 'UTC');
  now = new Date('2026-03-05T00:05Z');

  await runner.runSchedule(id, now);

  expect(await scheduleOf(id)).toMatchObject({
    nextRunAt: new Date('2026-03-05T00:15Z'),
    problem: expect.stringContaining('200 or more times were missed'),
  });
});

it('is left out while an audit runs, says so, and goes on with the next time', async () => {
  const id = await createSchedule();
  const running = await testbed.runtime.pool.query(
    `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, status)
     VALUES (gen_random_uuid(), $1, $2, 'Slow', 'DATA_AUDIT', 'dataAudit', 'STAGING') RETURNING id`,
    [workspaceId, admin],
  );
  now = new Date('2026-03-02T08:30Z');

  await runner.runSchedule(id, now);

  expect(await scheduleOf(id)).toMatchObject({
    lastBatchId: null,
    nextRunAt: new Date('2026-03-03T08:30Z'),
    problem: expect.stringMatching(`left out: An audit.*${running.rows[0].id}`),
  });
  await testbed.runtime.lifecycle.cancelStagedBatch(running.rows[0].id);
  await runNext(id);
  expect(await scheduleOf(id)).toMatchObject({ problem: null });
});

it('is left out where there is nothing to audit', async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: owner });
  const id = await createSchedule();

  await runner.runSchedule(id, new Date('2026-03-02T08:30Z'));

  expect(await scheduleOf(id)).toMatchObject({
    nextRunAt: new Date('2026-03-03T08:30Z'),
    problem: expect.stringContaining('has no active contact'),
  });
});

describe('for one time', () => {
  it('triggers one audit, however many workers run it at once', async () => {
    const id = await createSchedule();
    const dueAt = new Date('2026-03-02T08:30Z');
    now = dueAt;

    await Promise.all([1, 2, 3, 4].map(() => runner.runSchedule(id, dueAt)));
    await testbed.untilResting((await scheduleOf(id)).lastBatchId);
    await runner.runSchedule(id, dueAt);

    expect(await audits()).toHaveLength(1);
  });

  it('triggers one audit, although the worker died before it could say so', async () => {
    const id = await createSchedule();
    const before = await scheduleOf(id);
    const dueAt = await runNext(id);
    await testbed.runtime.pool.query(
      'UPDATE audit_schedule SET next_run_at = $2, last_batch_id = NULL WHERE id = $1',
      [id, before.nextRunAt],
    );

    await runner.runSchedule(id, dueAt);

    const [batch, ...others] = await audits();
    expect(others).toEqual([]);
    expect(await scheduleOf(id)).toMatchObject({ lastBatchId: batch.id, problem: null });
  });

  it('triggers another where the worker died while the rows came in', async () => {
    const id = await createSchedule();
    const dueAt = new Date('2026-03-02T08:30Z');
    await testbed.runtime.pool.query(
      `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, schedule_id, scheduled_for)
       VALUES (gen_random_uuid(), $1, $2, 'Killed', 'DATA_AUDIT', 'dataAudit', $3, $4)`,
      [workspaceId, owner, id, dueAt],
    );

    await runner.runSchedule(id, dueAt);

    const { lastBatchId, problem } = await scheduleOf(id);
    expect(problem).toBeNull();
    expect(await testbed.untilResting(lastBatchId)).toMatchObject({ title: 'Nightly' });
    expect((await audits()).map(({ status }) => status)).toContain('FAILED');
  });

  it('triggers one later where the queue is away', async () => {
    const id = await createSchedule();
    const dueAt = new Date('2026-03-02T08:30Z');
    const before = await scheduleOf(id);
    const failing = runnerWith(() =>
      Promise.reject(new ExpectedError('QUEUE_UNAVAILABLE', 'Away.')),
    );

    await expect(failing.runSchedule(id, dueAt)).rejects.toMatchObject({ message: 'Away.' });
    expect(await scheduleOf(id)).toEqual(before);

    await runner.runSchedule(id, dueAt);
    expect(await audits()).toHaveLength(1);
  });

  it('leaves one audit that waits where the queue goes away meanwhile, and no failed ones', async () => {
    const { pool, reconciliation } = testbed.runtime;
    const logger = pino({ level: 'silent' });
    const away = new ExpectedError('QUEUE_UNAVAILABLE', 'The job queue is not available.');
    const scheduler = { schedule: () => Promise.reject(away), isScheduled: async () => false };
    const { triggerDataAudit } = createAuditRunnerService({
      snapshotPool: pool,
      ...createIngestionService({ pool, stagingPool: pool, scheduler, logger }),
    });
    const id = await createSchedule();
    const dueAt = new Date('2026-03-02T08:30Z');

    await runnerWith(triggerDataAudit).runSchedule(id, dueAt);
    await runnerWith(triggerDataAudit).runSchedule(id, dueAt);

    const [batch, ...others] = await audits();
    expect(others).toEqual([]);
    expect(batch).toMatchObject({ status: 'QUEUED', scheduledFor: dueAt });
    expect(await scheduleOf(id)).toMatchObject({ lastBatchId: batch.id, problem: null });

    await pool.query(
      `UPDATE staged_batch SET updated_at = now() - interval '1 minute' WHERE id = $1`,
      [batch.id],
    );
    await reconciliation.reconcile();
    expect(await testbed.untilResting(batch.id)).toMatchObject({ recordCount: 1 });
  });

  it('says what a defect comes to, and goes on with the next time', async () => {
    const id = await createSchedule();
    const failing = runnerWith(() => Promise.reject(new Error('secret detail')));

    await failing.runSchedule(id, new Date('2026-03-02T08:30Z'));

    const { nextRunAt, problem } = await scheduleOf(id);
    expect(nextRunAt).toEqual(new Date('2026-03-03T08:30Z'));
    expect(problem).toContain(
      `technical reason; the worker's log has the details under schedule ${id}`,
    );
    expect(problem).not.toContain('secret');
  });
});

it('passes on its mode', async () => {
  const inputs: TriggerDataAuditInput[] = [];
  const recording = runnerWith((input) => {
    inputs.push(input);
    return Promise.reject(new ExpectedError('EMPTY_WORKSPACE', 'Empty.'));
  });
  const id = await createSchedule();
  await schedules.update({ scheduleId: id, actorId: admin, mode: 'INCREMENTAL', title: null });

  await recording.runSchedule(id, new Date('2026-03-02T08:30Z'));

  const schedule = { id, dueAt: new Date('2026-03-02T08:30Z') };
  expect(inputs).toEqual([{ workspaceId, createdBy: owner, mode: 'INCREMENTAL', schedule }]);
});

describe('an owner who may not start audits any more', () => {
  it.each([
    ['is no member', () => removeMember(testbed.runtime.pool, { workspaceId, userId: owner })],
    ['is a viewer', () => testbed.addMember(workspaceId, owner, 'VIEWER')],
  ])('pauses it: who %s', async (_, change) => {
    const id = await createSchedule();
    await change();

    expect(await scheduleOf(id)).toMatchObject({
      nextRunAt: null,
      pausedAt: expect.any(Date),
      pauseReason: expect.stringContaining('may not start audits'),
    });
    await runner.runSchedule(id, new Date('2026-03-02T08:30Z'));
    expect(await audits()).toEqual([]);
  });

  it('pauses it when it runs, at the latest', async () => {
    const id = await createSchedule();
    await testbed.runtime.pool.query('DELETE FROM membership WHERE user_id = $1', [owner]);

    await runner.runSchedule(id, new Date('2026-03-02T08:30Z'));

    expect(await scheduleOf(id)).toMatchObject({ nextRunAt: null, pausedAt: expect.any(Date) });
    expect(await audits()).toEqual([]);
  });

  it('is followed by who resumes it', async () => {
    const id = await createSchedule();
    await testbed.addMember(workspaceId, owner, 'VIEWER');

    await schedules.update({ scheduleId: id, actorId: admin, paused: false });

    expect(await scheduleOf(id)).toMatchObject({
      ownerId: admin,
      pausedAt: null,
      pauseReason: null,
    });
    await runNext(id);
    expect(await audits()).toMatchObject([{ createdBy: admin }]);
  });

  it('goes on where the owner may still start audits', async () => {
    const id = await createSchedule();
    await testbed.addMember(workspaceId, owner, 'EDITOR');

    await runNext(id);

    expect(await audits()).toHaveLength(1);
  });
});

it('does nothing while it is paused, and goes on with the next time when it is resumed', async () => {
  const id = await createSchedule();
  await schedules.update({ scheduleId: id, actorId: admin, paused: true });
  now = new Date('2026-03-04T12:00Z');

  await runner.runSchedule(id, now);

  expect(await scheduleOf(id)).toMatchObject({ nextRunAt: null, pauseReason: null });
  await schedules.update({ scheduleId: id, actorId: admin, paused: false });
  expect(await scheduleOf(id)).toMatchObject({
    nextRunAt: new Date('2026-03-05T08:30Z'),
    problem: null,
    ownerId: admin,
  });
  expect(await audits()).toEqual([]);
});

it('runs at its new times only after they have changed', async () => {
  const id = await createSchedule();
  await schedules.update({ scheduleId: id, actorId: admin, cron: '0 6 * * *', timeZone: 'UTC' });

  await runner.runSchedule(id, new Date('2026-03-02T05:00Z'));

  expect(await audits()).toEqual([]);
  expect(await scheduleOf(id)).toMatchObject({
    nextRunAt: new Date('2026-03-02T06:00Z'),
    ownerId: owner,
  });
});

it('does nothing when it has been deleted', async () => {
  const id = await createSchedule();
  await schedules.remove(id);

  await runner.runSchedule(id, new Date('2026-03-02T08:30Z'));

  expect(await audits()).toEqual([]);
  await expect(schedules.remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('has at most 20 in a workspace, also when many are created at once', async () => {
  const created = await Promise.allSettled(Array.from({ length: 22 }, () => createSchedule()));

  expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  await expect(createSchedule()).rejects.toMatchObject({ code: 'CONFLICT' });
});
