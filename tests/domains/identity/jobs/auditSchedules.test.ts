import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuditScheduleQueue } from '../../../../src/domains/identity/jobs/auditScheduleQueue.ts';
import { startAuditScheduleWorker } from '../../../../src/domains/identity/jobs/auditScheduleWorker.ts';
import type { RunningWorker } from '../../../../src/domains/identity/jobs/runningWorker.ts';
import { lockSchedule } from '../../../../src/domains/identity/services/schedules/auditSchedule.ts';
import { createScheduleReconciler } from '../../../../src/domains/identity/services/schedules/reconcileSchedules.ts';
import { inTransaction } from '../../../../src/platform/postgres/pool.ts';
import { waitFor } from '../../../support/waitFor.ts';
import { createIdentityTestbed, type IdentityTestbed, QUEUES } from '../support/identityTestbed.ts';

const HOUR = 3_600_000;

describe.each(QUEUES)('with the queue in $queue,', ({ redisUrl }) => {
  const logger = pino({ level: 'silent' });
  let testbed: IdentityTestbed;
  let queue: ReturnType<typeof createAuditScheduleQueue>;
  let worker: RunningWorker | undefined;
  let ownerId: string;
  let workspaceId: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    queue = createAuditScheduleQueue(testbed.runtime.queueBackend);
    await testbed.startWorker();
  });
  beforeEach(async () => {
    ownerId = await testbed.createUser('owner');
    workspaceId = await testbed.createWorkspace({ createdBy: ownerId });
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await stopWorker();
    await testbed.runtime.pool.query('DELETE FROM audit_schedule');
    for (const { id } of await queue.list()) await queue.remove(id);
  });
  afterAll(async () => {
    await queue.close();
    await testbed.close();
  });

  /** Sets the clock of the services and of BullMQ; timers go by the real one. */
  function setClock(time: string | Date): void {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) });
  }

  async function startWorker(): Promise<void> {
    worker = startAuditScheduleWorker(
      testbed.runtime.queueBackend,
      testbed.runtime.scheduleRunner,
      logger,
    );
    await worker.waitUntilReady();
  }

  async function stopWorker(): Promise<void> {
    await worker?.close();
    worker = undefined;
  }

  const reconcile = () => testbed.runtime.scheduleReconciler.reconcileSchedules();

  /** An idle worker looks at the clock again when a job comes in. */
  const wake = () => queue.runNow(crypto.randomUUID(), new Date());

  const create = (cron: string, timeZone: string): Promise<string> =>
    testbed.runtime.schedules.create({
      ...{ workspaceId, ownerId, cron, timeZone, mode: null, title: null },
    });

  async function scheduleOf(id: string) {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT next_run_at AS "nextRunAt", last_run_at AS "lastRunAt", last_problem AS problem,
              last_batch_id AS "lastBatchId"
       FROM audit_schedule WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  async function auditCount(): Promise<number> {
    const { rows } = await testbed.runtime.pool.query(
      'SELECT count(*)::int AS count FROM staged_batch WHERE workspace_id = $1',
      [workspaceId],
    );
    return rows[0].count;
  }

  /** Waits until a schedule has run, and its audit rests. */
  async function untilRun(id: string, runAt: Date): Promise<void> {
    const { lastBatchId } = await waitFor('the schedule to run', async () => {
      const schedule = await scheduleOf(id);
      return schedule.lastRunAt?.getTime() === runAt.getTime() ? schedule : undefined;
    });
    if (lastBatchId !== null) await testbed.untilResting(lastBatchId);
  }

  const queued = async () =>
    (await queue.list()).map(({ cron, timeZone, nextRunAt }) => [cron, timeZone, nextRunAt]);

  it.each([
    ['forward', 'Europe/Berlin', '2026-03-27T12:00Z', ['28T01:30Z', '29T01:30Z', '30T00:30Z']],
    ['forward', 'America/Havana', '2026-03-06T12:00Z', ['07T05:00Z', '08T05:00Z', '09T04:00Z']],
    ['back', 'Europe/Berlin', '2026-10-23T12:00Z', ['24T00:30Z', '25T00:30Z', '26T01:30Z']],
  ])('runs once a day where clocks are set %s, in %s', async (_, timeZone, from, expected) => {
    setClock(from);
    const cron = timeZone === 'America/Havana' ? '0 0 * * *' : '30 2 * * *';
    const id = await create(cron, timeZone);
    await reconcile();
    await startWorker();

    for (const [index, rest] of expected.entries()) {
      const dueAt = new Date(`${from.slice(0, 8)}${rest}`);
      expect(await queued()).toEqual([[cron, timeZone, dueAt]]);
      setClock(dueAt);
      await wake();
      await untilRun(id, dueAt);
      expect(await auditCount()).toBe(index + 1);
      expect(await scheduleOf(id)).toMatchObject({ problem: null });
    }
  });

  it('runs once when workers are back, and says what was missed', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await reconcile();
    setClock('2026-06-03T12:00Z');

    await startWorker();
    await untilRun(id, new Date('2026-06-03T12:00Z'));
    await reconcile();
    await wake();

    expect(await queued()).toEqual([['0 6 * * *', 'UTC', new Date('2026-06-04T06:00Z')]]);
    expect(await scheduleOf(id)).toMatchObject({
      nextRunAt: new Date('2026-06-04T06:00Z'),
      problem: expect.stringContaining('2 times were missed'),
    });
    expect(await auditCount()).toBe(1);
  });

  it('runs once when the queue has lost everything meanwhile', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await reconcile();
    await queue.remove(id);
    setClock('2026-06-03T12:00Z');
    await startWorker();

    await reconcile();
    await untilRun(id, new Date('2026-06-03T12:00Z'));

    expect(await auditCount()).toBe(1);
    expect(await queued()).toEqual([['0 6 * * *', 'UTC', new Date('2026-06-04T06:00Z')]]);
  });

  it('runs within twenty seconds when only the queue has lost its job', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await reconcile();
    await queue.remove(id);
    await startWorker();

    setClock('2026-06-01T06:00:20Z');
    await reconcile();
    await untilRun(id, new Date('2026-06-01T06:00:20Z'));

    expect(await scheduleOf(id)).toMatchObject({ problem: null });
    expect(await auditCount()).toBe(1);
  });

  it('is not queued again while it runs', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await reconcile();
    const runNow = vi.fn<typeof queue.runNow>(async () => {});
    const { pool } = testbed.runtime;
    const now = () => new Date('2026-06-01T06:05Z');
    const reconciler = createScheduleReconciler({ pool, queue: { ...queue, runNow }, logger, now });

    await inTransaction(pool, async (client) => {
      await lockSchedule(client, id);
      await reconciler.reconcileSchedules();
      expect(runNow).not.toHaveBeenCalled();
    });

    await reconciler.reconcileSchedules();
    expect(runNow).toHaveBeenCalledWith(id, new Date('2026-06-01T06:00Z'));
  });

  it('is left out while an audit runs, and runs at its next time', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await reconcile();
    await startWorker();
    const { rows } = await testbed.runtime.pool.query(
      `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile)
       VALUES (gen_random_uuid(), $1, $2, 'Slow', 'DATA_AUDIT', 'dataAudit') RETURNING id`,
      [workspaceId, ownerId],
    );

    setClock('2026-06-01T06:00Z');
    await wake();
    await untilRun(id, new Date('2026-06-01T06:00Z'));
    expect(await scheduleOf(id)).toMatchObject({
      lastBatchId: null,
      problem: expect.stringContaining(`left out: An audit of this workspace is running`),
    });

    await testbed.runtime.lifecycle.cancelStagedBatch(rows[0].id);
    setClock('2026-06-02T06:00Z');
    await wake();
    await untilRun(id, new Date('2026-06-02T06:00Z'));
    expect(await scheduleOf(id)).toMatchObject({ problem: null });
    expect(await auditCount()).toBe(2);
  });

  it('follows the table: what is changed, paused, resumed and deleted', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    const { schedules } = testbed.runtime;
    await reconcile();

    await schedules.update({ scheduleId: id, actorId: ownerId, cron: '0 7 * * *' });
    await reconcile();
    expect(await queued()).toEqual([['0 7 * * *', 'UTC', new Date('2026-06-01T07:00Z')]]);

    await schedules.update({ scheduleId: id, actorId: ownerId, paused: true });
    await reconcile();
    expect(await queued()).toEqual([]);

    await schedules.update({ scheduleId: id, actorId: ownerId, paused: false });
    await reconcile();
    expect(await queued()).toHaveLength(1);

    await schedules.remove(id);
    await reconcile();
    expect(await queued()).toEqual([]);
  });

  it('puts back within a minute what the queue has lost, and leaves the rest alone', async () => {
    setClock('2026-06-01T00:00Z');
    const id = await create('0 6 * * *', 'UTC');
    await create('0 8 * * *', 'UTC');
    await reconcile();
    const before = await queued();
    await queue.remove(id);

    setClock(new Date(Date.now() + HOUR / 60));
    await reconcile();

    expect(await queued()).toEqual(before);
  });
});
