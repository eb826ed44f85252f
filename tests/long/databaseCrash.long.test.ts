import { describe, expect, it } from 'vitest';
import { BACKENDS, openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';
import { startPrivatePostgres } from './support/privatePostgres.ts';
import { secondsOf } from './support/secondsOf.ts';

describe('when PostgreSQL crashes and is started again,', () => {
  it.concurrent.for(BACKENDS)(
    'an audit in the middle of a range goes on by itself, with the queue in $backend',
    async ({ startRedis }, { onTestFinished }) => {
      const postgres = await startPrivatePostgres();
      const scene = await openAuditScene({ redis: await startRedis(), postgres }, onTestFinished);
      const { bed } = scene;
      const gate = await putGate(bed.databaseUrl, 'finding', 'NEW.row_index >= 25000');
      const worker = await bed.startWorker();
      const batchId = await scene.trigger();
      await gate.untilReached();

      await postgres.crash();
      await postgres.start();

      const seconds = await secondsOf(() => scene.untilReady());
      expect(seconds).toBeLessThan(40);
      await scene.expectSameAsUndisturbed(batchId);
      expect(await Promise.all([worker.stop(), scene.subgraph.stop()])).toEqual([0, 0]);
    },
  );

  it.concurrent('an audit in the middle of COPY fails, and the next goes through', async ({
    onTestFinished,
  }) => {
    const postgres = await startPrivatePostgres();
    const scene = await openAuditScene({ postgres }, onTestFinished);
    const { bed, subgraph, workspaceId } = scene;
    const gate = await putGate(bed.databaseUrl, 'staged_record', 'NEW.row_index = 25000');
    await bed.startWorker();
    const answer = subgraph.triggerDataAudit(workspaceId);
    await gate.untilReached();

    await postgres.crash();
    await postgres.start();

    expect(await answer).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    const seconds = await secondsOf(() => bed.untilBatch(workspaceId, ['FAILED'], 90_000));
    expect(seconds).toBeLessThan(70);
    await scene.trigger();
    await scene.untilReady();
  });
});
