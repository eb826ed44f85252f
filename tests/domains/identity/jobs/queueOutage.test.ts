import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertBulkEntities } from './support/bulkEntities.ts';
import { OUTAGES, type Outage } from './support/outages.ts';
import type { Subgraph } from './support/serviceBed.ts';
import type { ServiceProcess } from './support/serviceProcess.ts';

describe.each(OUTAGES)('with $outage,', ({ prepare }) => {
  let queue: Outage;
  let subgraph: Subgraph;
  let worker: ServiceProcess;
  let workspaceId: string;

  beforeAll(async () => {
    queue = await prepare();
    await queue.begin();
    [subgraph, worker] = await Promise.all([queue.bed.startSubgraph(), queue.bed.startWorker()]);
    workspaceId = await subgraph.createWorkspace('acme');
    await insertBulkEntities(queue.bed.pool, workspaceId, 500);
  });
  afterAll(() => queue.close());

  async function expectRefusal(): Promise<void> {
    const began = performance.now();
    const [answer, missing] = await Promise.all([
      subgraph.triggerDataAudit(workspaceId),
      subgraph.missingParts(),
    ]);
    const seconds = (performance.now() - began) / 1_000;

    expect(missing).toEqual(['queue']);
    expect(answer).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(seconds).toBeLessThan(5);
    expect((await queue.bed.batchesOf(workspaceId)).at(-1)).toMatchObject({
      status: 'FAILED',
      failureReason: expect.stringContaining('queue is not available'),
    });
  }

  async function expectAudit(): Promise<void> {
    await expect.poll(() => subgraph.missingParts()).toEqual([]);

    expect(await subgraph.triggerDataAudit(workspaceId)).toMatchObject({ recordCount: 500 });
    await queue.bed.untilBatch(workspaceId, ['READY_FOR_REVIEW']);
  }

  it('services start, say so, and fail an audit within five seconds', expectRefusal);

  it('they come right by themselves when the queue is there', async () => {
    await queue.end();
    await expectAudit();
  });

  it('a schedule that came due meanwhile runs by itself', async () => {
    const scheduled = await subgraph.createWorkspace('scheduled');
    await insertBulkEntities(queue.bed.pool, scheduled, 1);
    await queue.bed.pool.query(
      `INSERT INTO audit_schedule (id, workspace_id, owner_id, cron, time_zone, next_run_at)
       SELECT gen_random_uuid(), workspace_id, user_id, '0 6 * * *', 'UTC', now() - interval '25 hours'
       FROM membership WHERE workspace_id = $1`,
      [scheduled],
    );

    await queue.bed.untilBatch(scheduled, ['READY_FOR_REVIEW', 'COMPLETED']);

    expect(await queue.bed.batchesOf(scheduled)).toHaveLength(1);
  });

  it('an audit fails within five seconds when the queue goes away', async () => {
    await queue.begin();
    await expectRefusal();
  });

  it('the next audit goes through when it is back, without a restart', async () => {
    await queue.end();
    await expectAudit();
  });

  it('what reaches the queue too late changes nothing', async () => {
    const { rows } = await queue.bed.pool.query(
      `SELECT b.status, count(s.done_at) = 0 AS none, count(s.done_at) = count(*) AS all
       FROM staged_batch b JOIN staged_batch_step s ON s.batch_id = b.id
       WHERE b.workspace_id = $1 GROUP BY b.id ORDER BY b.id`,
      [workspaceId],
    );

    expect(rows).toEqual([
      { status: 'FAILED', none: true, all: false },
      { status: 'READY_FOR_REVIEW', none: false, all: true },
      { status: 'FAILED', none: true, all: false },
      { status: 'READY_FOR_REVIEW', none: false, all: true },
    ]);
  });

  it('services stop when they are asked to while the queue is away', async () => {
    await queue.begin();

    expect(await Promise.all([subgraph.stop(), worker.stop()])).toEqual([0, 0]);
  });
});
