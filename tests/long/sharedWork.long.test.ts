import { describe, expect, it } from 'vitest';
import { insertBulkEntities } from '../domains/identity/jobs/support/bulkEntities.ts';
import type { ServiceBed } from '../domains/identity/jobs/support/serviceBed.ts';
import { BACKENDS, openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';

const SMALL_AUDITS = 9;
/** A tenth of the large one. */
const SMALL_ENTITIES = 5_000;
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];

/** Notes who does each step. */
async function watchSteps({ pool }: ServiceBed): Promise<() => Promise<ReadonlySet<string>>> {
  await pool.query(`
    CREATE TABLE done_step (worker text);
    CREATE FUNCTION note_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO done_step VALUES (current_setting('application_name'));
      RETURN NULL;
    END $$;
    CREATE TRIGGER note_step AFTER UPDATE ON staged_batch_step FOR EACH ROW
      EXECUTE FUNCTION note_step()`);
  return async () => {
    const { rows } = await pool.query('SELECT DISTINCT worker FROM done_step');
    return new Set(rows.map(({ worker }) => worker));
  };
}

function named(databaseUrl: string, applicationName: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', applicationName);
  return url.href;
}

describe('two subgraphs and three workers', () => {
  it.for(BACKENDS)(
    'share ten audits at once, and none starves, with the queue in $backend',
    async ({ startRedis }, { onTestFinished }) => {
      const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
      const { bed } = scene;
      const subgraphs = [scene.subgraph, await bed.startSubgraph()];
      const smallIds = await Promise.all(
        Array.from({ length: SMALL_AUDITS }, async (_, index) => {
          const workspaceId = await scene.subgraph.createWorkspace(`small-${index}`);
          await insertBulkEntities(bed.pool, workspaceId, SMALL_ENTITIES);
          return workspaceId;
        }),
      );
      const workersOfSteps = await watchSteps(bed);
      await Promise.all(
        WORKERS.map((name) => bed.startWorker({ DATABASE_URL: named(bed.databaseUrl, name) })),
      );

      const answers = await Promise.all(
        [scene.workspaceId, ...smallIds].map((workspaceId, index) =>
          subgraphs[index % subgraphs.length]?.triggerDataAudit(workspaceId),
        ),
      );
      expect(answers.map((answer) => answer?.recordCount)).toEqual([
        50_000,
        ...smallIds.map(() => SMALL_ENTITIES),
      ]);
      await scene.untilReady();

      const { rows } = await bed.pool.query(
        `SELECT status, record_count > ${SMALL_ENTITIES} AS large FROM staged_batch ORDER BY updated_at`,
      );
      expect(rows).toEqual([
        ...smallIds.map(() => ({ status: 'READY_FOR_REVIEW', large: false })),
        { status: 'READY_FOR_REVIEW', large: true },
      ]);
      expect(await workersOfSteps()).toEqual(new Set(WORKERS));
    },
  );
});

it('a worker does as many jobs at once as it is told to', async ({ onTestFinished }) => {
  const { bed, subgraph } = await openAuditScene({}, onTestFinished);
  const gate = await putGate(bed.databaseUrl, 'finding', "NEW.rule_id = 'device.mac.invalid'");
  const worker = await bed.startWorker({ WORKER_CONCURRENCY: '20' });
  const workspaceIds = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const workspaceId = await subgraph.createWorkspace(`small-${index}`);
      await insertBulkEntities(bed.pool, workspaceId, 100);
      return workspaceId;
    }),
  );

  await Promise.all(workspaceIds.map((workspaceId) => subgraph.triggerDataAudit(workspaceId)));
  await gate.untilReached(20);
  await gate.open();

  for (const workspaceId of workspaceIds) await bed.untilBatch(workspaceId, ['READY_FOR_REVIEW']);
  expect(worker.log()).not.toContain('job failed');
});
