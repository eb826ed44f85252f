import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';
import { BACKENDS, openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';
import { secondsOf } from './support/secondsOf.ts';

const DONE_STEPS = `
  SELECT count(*)::int AS done FROM staged_batch_step WHERE batch_id = $1 AND done_at IS NOT NULL`;

const OPEN_RANGES = `
  SELECT count(*)::int AS open FROM staged_batch_step
  WHERE batch_id = $1 AND kind = 'PROCESS_RANGE' AND done_at IS NULL`;

/** A job is noticed as stalled after 30 seconds. */
const BEFORE_STALLED_MS = 28_000;

describe('SIGTERM', () => {
  it.concurrent.for(BACKENDS)(
    'lets a worker finish its range and take no other, with the queue in $backend',
    async ({ startRedis }, { onTestFinished }) => {
      const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
      const { bed } = scene;
      const gate = await putGate(bed.databaseUrl, 'finding', 'true');
      const worker = await bed.startWorker({ WORKER_CONCURRENCY: '1' });
      const batchId = await scene.trigger();
      await gate.untilReached();
      expect((await bed.pool.query(DONE_STEPS, [batchId])).rows).toEqual([{ done: 0 }]);

      const exitCode = worker.stop();
      await gate.open();

      expect(await exitCode).toBe(0);
      expect((await bed.pool.query(DONE_STEPS, [batchId])).rows).toEqual([{ done: 1 }]);
      await bed.startWorker();
      await waitFor(
        'the other ranges to be done, without one that has to be noticed as stalled first',
        async () => (await bed.pool.query(OPEN_RANGES, [batchId])).rows[0].open === 0,
        { timeoutMs: BEFORE_STALLED_MS },
      );
      await scene.untilReady();
      await scene.expectSameAsUndisturbed(batchId);
    },
  );

  it.concurrent('cuts off a range that takes too long, and nothing is half-done', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({}, onTestFinished);
    const { bed } = scene;
    const gate = await putGate(bed.databaseUrl, 'finding', 'NEW.row_index >= 25000');
    const worker = await bed.startWorker();
    const batchId = await scene.trigger();
    await gate.untilReached();

    const seconds = await secondsOf(async () => expect(await worker.stop()).toBe(1));
    expect(seconds).toBeLessThan(17);
    await gate.open();
    await bed.startWorker();

    await scene.untilReady();
    await scene.expectSameAsUndisturbed(batchId);
  });

  it.concurrent('lets a subgraph finish what it stages, and refuses new requests', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({}, onTestFinished);
    const { bed, subgraph, workspaceId } = scene;
    const gate = await putGate(bed.databaseUrl, 'staged_record', 'NEW.row_index = 25000');
    const answer = subgraph.triggerDataAudit(workspaceId);
    await gate.untilReached();

    const exitCode = subgraph.stop();
    await waitFor('requests to be refused', () =>
      subgraph.missingParts().then(
        () => false,
        () => true,
      ),
    );
    await gate.open();

    expect(await answer).toMatchObject({ recordCount: 50_000 });
    expect(await exitCode).toBe(0);
    await bed.startWorker();
    await scene.untilReady();
  });
});
