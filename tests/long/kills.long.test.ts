import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../src/platform/processes.ts';
import { waitFor } from '../support/waitFor.ts';
import { BACKENDS, openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';
import { holdSearches, untilSearching } from './support/searches.ts';
import { secondsOf } from './support/secondsOf.ts';

/** Lock, two looks for stalled jobs, and the work itself. */
const RECOVERY_SECONDS = 40;

describe.concurrent.each(BACKENDS)('with the queue in $backend,', ({ startRedis }) => {
  it('a worker killed in the middle of a range is replaced by another', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
    const gate = await putGate(scene.bed.databaseUrl, 'finding', 'NEW.row_index >= 25000');
    const worker = await scene.bed.startWorker();
    const batchId = await scene.trigger();
    await gate.untilReached();

    await worker.kill();
    await gate.open();
    await scene.bed.startWorker();

    const seconds = await secondsOf(() => scene.untilReady());
    expect(seconds).toBeLessThan(RECOVERY_SECONDS);
    await scene.expectSameAsUndisturbed(batchId);
  });

  it('a step at which workers are killed again and again is done in the end', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
    const gate = await putGate(
      scene.bed.databaseUrl,
      'finding',
      "NEW.rule_id = 'contact.duplicate'",
    );
    const batchId = await scene.trigger();

    for (let kills = 0; kills < 2; kills += 1) {
      const worker = await scene.bed.startWorker();
      await gate.untilReached();
      await worker.kill();
      await gate.open();
      if (kills === 0) await gate.close();
    }
    await scene.bed.startWorker();

    // BullMQ gives up a job that stalls twice; the batch is scheduled anew then.
    expect(await scene.untilReady()).toMatchObject({ id: batchId, attempt: 2 });
    await scene.expectSameAsUndisturbed(batchId);
  });

  it('a search for duplicates ends with its killed worker, and is done by another', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
    const release = await holdSearches(scene.bed.databaseUrl, onTestFinished);
    const worker = await scene.bed.startWorker();
    const batchId = await scene.trigger();
    const pid = await untilSearching(scene.bed.pool);

    await worker.kill();
    await waitFor('the search to end', async () => !isProcessAlive(pid));
    await release();
    await scene.bed.startWorker();

    const seconds = await secondsOf(() => scene.untilReady());
    expect(seconds).toBeLessThan(RECOVERY_SECONDS);
    await scene.expectSameAsUndisturbed(batchId);
  });

  it('a promotion whose worker is killed creates each entity once', async ({ onTestFinished }) => {
    const { bed, subgraph } = await openAuditScene({ redis: await startRedis() }, onTestFinished);
    const gate = await putGate(bed.databaseUrl, 'entity_change', 'NEW.row_index = 15000');
    const worker = await bed.startWorker();
    const workspaceId = await subgraph.createWorkspace('imported');
    const names = Array.from({ length: 20_000 }, (_, index) => `Meier ${index}`);
    await subgraph.importContacts(workspaceId, ['familyName', ...names].join('\n'));
    await gate.untilReached();

    await worker.kill();
    await gate.open();
    await bed.startWorker();

    const batch = await bed.untilBatch(workspaceId, ['COMPLETED'], RECOVERY_SECONDS * 1_000);
    const { rows } = await bed.pool.query(
      `SELECT (SELECT count(DISTINCT family_name)::int FROM third_party WHERE workspace_id = $1) AS named,
              (SELECT count(*)::int FROM third_party WHERE workspace_id = $1) AS created,
              (SELECT count(*)::int FROM entity_change WHERE batch_id = $2) AS changes`,
      [workspaceId, batch.id],
    );
    expect(rows).toEqual([{ named: 20_000, created: 20_000, changes: 20_000 }]);
  });

  it.for(['beforeScheduling', 'afterScheduling'])(
    'an audit whose subgraph is killed %s goes on without it',
    async (moment, { onTestFinished }) => {
      const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
      const script = join(import.meta.dirname, 'support/dyingSubgraph.ts');
      const dying = await scene.bed.startSubgraph(script, [moment]);
      await scene.bed.startWorker();

      await expect(dying.triggerDataAudit(scene.workspaceId)).rejects.toThrow();
      expect(await dying.exited).toBeNull();

      let batchId = '';
      const seconds = await secondsOf(async () => {
        batchId = (await scene.untilReady()).id;
      });
      expect(seconds).toBeLessThan(RECOVERY_SECONDS);
      await scene.expectSameAsUndisturbed(batchId);
    },
  );
});

describe.concurrent('in the middle of COPY,', () => {
  it('a killed subgraph locks out the next audit for a minute at the most', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({}, onTestFinished);
    const gate = await putGate(scene.bed.databaseUrl, 'staged_record', 'NEW.row_index = 25000');
    await scene.bed.startWorker();
    const answer = expect(scene.subgraph.triggerDataAudit(scene.workspaceId)).rejects.toThrow();
    await gate.untilReached();

    await scene.subgraph.kill();
    await gate.open();
    await answer;
    const restarted = await scene.bed.startSubgraph();
    expect(await restarted.triggerDataAudit(scene.workspaceId)).toMatchObject({
      code: 'AUDIT_IN_PROGRESS',
    });

    const seconds = await secondsOf(() =>
      scene.bed.untilBatch(scene.workspaceId, ['FAILED'], 90_000),
    );
    expect(seconds).toBeLessThan(70);
    expect(await scene.bed.batchesOf(scene.workspaceId)).toMatchObject([
      { status: 'FAILED', failureReason: expect.stringContaining('has ended') },
    ]);
    expect(await restarted.triggerDataAudit(scene.workspaceId)).toMatchObject({
      recordCount: 50_000,
    });
    await scene.untilReady();
  });
});
