import { describe, expect, it } from 'vitest';
import { insertBulkEntities } from '../domains/identity/jobs/support/bulkEntities.ts';
import {
  HAS_REDIS,
  type PrivateRedis,
  startPrivateRedis,
} from '../domains/identity/jobs/support/privateRedis.ts';
import { openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';
import { secondsOf } from './support/secondsOf.ts';

const LOSSES = [
  { loss: 'flushed', lose: (redis: PrivateRedis) => redis.flush() },
  {
    loss: 'restarted empty',
    lose: async (redis: PrivateRedis) => {
      await redis.kill();
      await redis.start();
    },
  },
];

describe.skipIf(!HAS_REDIS)('when Redis is', () => {
  it.concurrent.for(LOSSES)(
    '$loss, batches that are QUEUED and PROCESSING go on by themselves',
    async ({ lose }, { onTestFinished }) => {
      const redis = await startPrivateRedis();
      const scene = await openAuditScene({ redis }, onTestFinished);
      const { bed, subgraph } = scene;
      const gate = await putGate(bed.databaseUrl, 'finding', 'NEW.row_index >= 25000');
      await bed.startWorker({ WORKER_CONCURRENCY: '1' });
      const processingId = await scene.trigger();
      await gate.untilReached();
      const waiting = await subgraph.createWorkspace('waiting');
      await insertBulkEntities(bed.pool, waiting, 2_000);
      await subgraph.triggerDataAudit(waiting);
      expect(await bed.batchesOf(scene.workspaceId)).toMatchObject([{ status: 'PROCESSING' }]);
      expect(await bed.batchesOf(waiting)).toMatchObject([{ status: 'QUEUED' }]);

      await lose(redis);
      await gate.open();

      const seconds = await secondsOf(() =>
        Promise.all([scene.untilReady(), bed.untilBatch(waiting, ['READY_FOR_REVIEW'])]),
      );
      expect(seconds).toBeLessThan(40);
      await scene.expectSameAsUndisturbed(processingId);
    },
  );
});
