import type { TestContext } from 'vitest';
import { insertBulkEntities } from '../../domains/identity/jobs/support/bulkEntities.ts';
import { jobsInQueue } from '../../domains/identity/jobs/support/jobsInQueue.ts';
import {
  HAS_REDIS,
  type PrivateRedis,
  startPrivateRedis,
} from '../../domains/identity/jobs/support/privateRedis.ts';
import {
  type Batch,
  createServiceBed,
  type ServiceBed,
  type Subgraph,
} from '../../domains/identity/jobs/support/serviceBed.ts';
import { waitFor } from '../../support/waitFor.ts';
import { expectComplete, expectSameFindings } from './auditResults.ts';
import type { PrivatePostgres } from './privatePostgres.ts';

/** The backends of the job engine that faults are tried on. */
export const BACKENDS: readonly {
  readonly backend: string;
  readonly startRedis: () => Promise<PrivateRedis | undefined>;
}[] = [
  { backend: 'PostgreSQL', startRedis: async () => undefined },
  ...(HAS_REDIS ? [{ backend: 'Redis', startRedis: startPrivateRedis }] : []),
];

/** A subgraph and a workspace with 50,000 entities; workers are started by the test. */
export interface AuditScene {
  readonly bed: ServiceBed;
  readonly subgraph: Subgraph;
  readonly workspaceId: string;
  /** Starts an audit that will be disturbed; resolves to its id. */
  trigger(): Promise<string>;
  /** Waits until the latest batch is ready for review. */
  untilReady(): Promise<Batch>;
  /**
   * Audits once more, undisturbed, and expects that a disturbed audit found the same, and that
   * nothing of either is left in the queue.
   */
  expectSameAsUndisturbed(batchId: string): Promise<void>;
}

interface SceneServers {
  /** Where there is none, the queue is in the database. */
  readonly redis?: PrivateRedis | undefined;
  /** Where there is none, the database is one of the test run's. */
  readonly postgres?: PrivatePostgres;
}

const ENTITIES = 50_000;
const READY_WITHIN_MS = 90_000;

/**
 * Sets the scene on servers that end with it.
 *
 * @param onTestFinished - of the test's own context, since tests run side by side
 */
export async function openAuditScene(
  { redis, postgres }: SceneServers,
  onTestFinished: TestContext['onTestFinished'],
): Promise<AuditScene> {
  if (redis) onTestFinished(redis.kill);
  if (postgres) onTestFinished(postgres.stop);
  const bed = await createServiceBed({
    redisUrl: redis?.url,
    databaseUrl: postgres?.databaseUrl,
  });
  onTestFinished(bed.close);
  const subgraph = await bed.startSubgraph();
  const workspaceId = await subgraph.createWorkspace('acme');
  await insertBulkEntities(bed.pool, workspaceId, ENTITIES);
  const trigger = async (): Promise<string> => {
    const { batchId, message } = await subgraph.triggerDataAudit(workspaceId);
    if (batchId === undefined) throw new Error(message);
    return batchId;
  };
  const untilReady = (): Promise<Batch> =>
    bed.untilBatch(workspaceId, ['READY_FOR_REVIEW'], READY_WITHIN_MS);
  return {
    bed,
    subgraph,
    workspaceId,
    trigger,
    untilReady,
    async expectSameAsUndisturbed(batchId) {
      const undisturbedId = await trigger();
      await untilReady();
      await expectComplete(bed, batchId);
      await expectSameFindings(bed, batchId, undisturbedId);
      await waitFor(
        'the queue to be empty',
        async () => (await jobsInQueue(bed.databaseUrl, redis?.url)) === 0,
      );
    },
  };
}
