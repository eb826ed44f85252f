import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import {
  createIdentityTestbed,
  type IdentityTestbed,
  QUEUES,
} from '../../support/identityTestbed.ts';

describe.each(QUEUES)('with the queue in $queue,', ({ redisUrl }) => {
  let testbed: IdentityTestbed;
  let createdBy: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    createdBy = await testbed.createUser('editor');
  });
  afterAll(() => testbed.close());

  const batchOf = (id: string) => findStagedBatch(testbed.runtime.pool, id);

  /** A batch that is queued in the database, and that the queue knows nothing of. */
  async function lostBatch(): Promise<string> {
    const workspaceId = await testbed.createWorkspace();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValueOnce();
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });
    await age(batch.id);
    return batch.id;
  }

  /** Makes a batch look as if nothing had happened to it for a while. */
  const age = (id: string) =>
    testbed.runtime.pool.query(
      `UPDATE staged_batch SET updated_at = updated_at - interval '5 minutes',
         heartbeat_at = heartbeat_at - interval '5 minutes' WHERE id = $1`,
      [id],
    );

  it('fails a batch that nobody stages any more, so that the next audit is not locked out', async () => {
    const workspaceId = await testbed.createWorkspace();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    const { rows } = await testbed.runtime.pool.query(
      `INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile)
       VALUES (gen_random_uuid(), $1, $2, 'Killed', 'DATA_AUDIT', 'dataAudit') RETURNING id`,
      [workspaceId, createdBy],
    );
    const trigger = () => testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });
    await testbed.runtime.reconciliation.reconcile();
    await expect(trigger()).rejects.toMatchObject({ code: 'AUDIT_IN_PROGRESS' });

    await age(rows[0].id);
    await testbed.runtime.reconciliation.reconcile();

    expect(await batchOf(rows[0].id)).toMatchObject({
      status: 'FAILED',
      failureReason: expect.stringContaining('has ended'),
    });
    await expect(trigger()).resolves.toBeDefined();
  });

  it('schedules a batch anew that the queue has lost', async () => {
    const id = await lostBatch();

    await testbed.runtime.reconciliation.reconcile();

    expect(await batchOf(id)).toMatchObject({ status: 'QUEUED', attempt: 2 });
    expect(await testbed.runtime.queue.isScheduled({ id, attempt: 2 })).toBe(true);
  });

  it('leaves a batch alone that the queue still has', async () => {
    const id = await lostBatch();
    await testbed.runtime.reconciliation.reconcile();
    await age(id);

    await testbed.runtime.reconciliation.reconcile();

    expect(await batchOf(id)).toMatchObject({ attempt: 2 });
  });

  it('gives a batch up that loses its work again and again', async () => {
    const id = await lostBatch();
    await testbed.runtime.pool.query('UPDATE staged_batch SET lost_count = 9 WHERE id = $1', [id]);

    await testbed.runtime.reconciliation.reconcile();

    expect(await batchOf(id)).toMatchObject({ status: 'FAILED' });
  });

  it('lets several workers try at once, and does it once', async () => {
    const id = await lostBatch();

    await Promise.all([1, 2, 3].map(() => testbed.runtime.reconciliation.reconcile()));

    expect(await batchOf(id)).toMatchObject({ attempt: 2 });
  });

  it('a batch that was lost is processed to its end', async () => {
    const id = await lostBatch();
    await testbed.startWorker();

    await testbed.runtime.reconciliation.reconcile();

    expect(await testbed.untilResting(id)).toMatchObject({ status: 'COMPLETED' });
  });
});
