import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StagedBatch } from '../../../../src/domains/identity/services/staging/stagedBatch.ts';
import type { StepKey } from '../../../../src/domains/identity/services/staging/stagedBatchScheduler.ts';
import { waitFor } from '../../../support/waitFor.ts';
import { createIdentityTestbed, type IdentityTestbed, QUEUES } from '../support/identityTestbed.ts';

describe.each(QUEUES)('with the queue in $queue,', ({ redisUrl }) => {
  let testbed: IdentityTestbed;
  let createdBy: string;
  let workspaceId: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    createdBy = await testbed.createUser('editor');
    await testbed.startWorker();
  });
  beforeEach(async () => {
    workspaceId = await testbed.createWorkspace();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor', email: 'nowhere' });
  });
  afterAll(() => testbed.close());

  /** A batch with all of its work before it, which the queue knows nothing of. */
  async function unscheduledBatch(): Promise<{ batch: StagedBatch; steps: readonly StepKey[] }> {
    const schedule = vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValueOnce();
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });
    const steps = schedule.mock.lastCall?.[1] ?? [];
    schedule.mockRestore();
    return { batch, steps };
  }

  async function runToTheEnd(
    batch: Pick<StagedBatch, 'id' | 'attempt'>,
    steps: readonly StepKey[],
  ): Promise<void> {
    await testbed.runtime.queue.schedule(batch, steps);
    await waitFor('the jobs to end', async () => !(await testbed.runtime.queue.isScheduled(batch)));
  }

  async function everythingOf({ id }: StagedBatch): Promise<unknown> {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT to_jsonb(b) AS batch,
              (SELECT jsonb_agg(to_jsonb(s)) FROM staged_batch_step s WHERE s.batch_id = b.id) AS steps,
              (SELECT jsonb_agg(to_jsonb(f)) FROM finding f WHERE f.batch_id = b.id) AS findings
       FROM staged_batch b WHERE id = $1`,
      [id],
    );
    return rows;
  }

  it.each(['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'])(
    'jobs for a batch that is %s by now do nothing',
    async (status) => {
      const { batch, steps } = await unscheduledBatch();
      await testbed.runtime.pool.query(
        'UPDATE staged_batch SET status = $2::batch_status WHERE id = $1',
        [batch.id, status],
      );
      const before = await everythingOf(batch);

      await runToTheEnd(batch, steps);

      expect(await everythingOf(batch)).toEqual(before);
    },
  );

  it('jobs of an earlier attempt do nothing', async () => {
    const { batch, steps } = await unscheduledBatch();
    await testbed.runtime.pool.query('UPDATE staged_batch SET attempt = 2 WHERE id = $1', [
      batch.id,
    ]);
    const before = await everythingOf(batch);

    await runToTheEnd({ id: batch.id, attempt: 1 }, steps);

    expect(await everythingOf(batch)).toEqual(before);
  });

  it('jobs for a batch that does not exist do nothing', async () => {
    await runToTheEnd({ id: crypto.randomUUID(), attempt: 1 }, [
      { kind: 'PROCESS_RANGE', stepIndex: 0 },
    ]);
  });

  it('work that is scheduled twice is done once', async () => {
    const { batch, steps } = await unscheduledBatch();

    await Promise.all([runToTheEnd(batch, steps), runToTheEnd(batch, steps)]);

    expect(await testbed.untilResting(batch.id)).toMatchObject({
      status: 'READY_FOR_REVIEW',
      processedCount: 1,
    });
    const { rows } = await testbed.runtime.pool.query(
      'SELECT rule_id FROM finding WHERE batch_id = $1',
      [batch.id],
    );
    expect(rows).toEqual([{ rule_id: 'contact.email.syntax' }]);
  });

  it('a step that two workers do at the same time is done once', async () => {
    const { batch } = await unscheduledBatch();
    const job = { batchId: batch.id, attempt: batch.attempt };
    const doStep = () =>
      testbed.runtime.processing.runStep(job, { kind: 'PROCESS_RANGE', stepIndex: 0 });

    await Promise.all([doStep(), doStep(), doStep()]);

    const { rows } = await testbed.runtime.pool.query(
      `SELECT processed_count AS processed,
              (SELECT count(*)::int FROM finding WHERE batch_id = b.id) AS findings
       FROM staged_batch b WHERE id = $1`,
      [batch.id],
    );
    expect(rows).toEqual([{ processed: 1, findings: 1 }]);
  });

  it('a promotion that nobody scheduled goes on', async () => {
    const { queue } = testbed.runtime;
    const scheduling = queue.schedule;
    const schedule = vi
      .spyOn(queue, 'schedule')
      // Its range, and the comparison of what matches nothing for sure.
      .mockImplementationOnce(scheduling)
      .mockImplementationOnce(scheduling)
      .mockRejectedValueOnce(new Error('killed'));
    const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
      workspaceId,
      createdBy,
      title: 'Contacts',
      sourceType: 'CSV_IMPORT',
      profile: 'contactImport',
      autoPromote: true,
      rows: [{ entityType: 'contact', rawData: { familyName: 'Meier' } }],
    });
    const promoting = await waitFor('the promotion', async () => {
      const { rows } = await testbed.runtime.pool.query(
        `UPDATE staged_batch SET updated_at = now() - interval '1 minute'
         WHERE id = $1 AND status = 'PROMOTING' RETURNING id, attempt`,
        [batch.id],
      );
      return rows[0];
    });
    schedule.mockRestore();
    expect(await queue.isScheduled(promoting)).toBe(false);

    await testbed.runtime.reconciliation.reconcile();

    expect(await testbed.untilResting(batch.id)).toMatchObject({ status: 'COMPLETED' });
  });
});
