import type { TestContext } from 'vitest';
import type { PrivateRedis } from '../../domains/identity/jobs/support/privateRedis.ts';
import {
  createServiceBed,
  type ServiceBed,
} from '../../domains/identity/jobs/support/serviceBed.ts';

/** A batch that has changed 50,000 contacts; workers are started by the test. */
export interface ReversalScene {
  readonly bed: ServiceBed;
  readonly workspaceId: string;
  readonly batchId: string;
  /** Asks the subgraph to undo all of it. */
  revert(): Promise<string>;
}

const RECORDS = 50_000;

/**
 * Sets the scene: an audit whose suggestions for phone numbers were promoted.
 *
 * @param onTestFinished - of the test's own context, since tests run side by side
 */
export async function openReversalScene(
  redis: PrivateRedis | undefined,
  onTestFinished: TestContext['onTestFinished'],
): Promise<ReversalScene> {
  if (redis) onTestFinished(redis.kill);
  const bed = await createServiceBed({ redisUrl: redis?.url });
  onTestFinished(bed.close);
  const subgraph = await bed.startSubgraph();
  const workspaceId = await subgraph.createWorkspace('acme');
  await bed.pool.query(
    `INSERT INTO third_party (id, workspace_id, family_name, phone)
     SELECT gen_random_uuid(), $1::uuid, 'Meier ' || n, '312555' || lpad(n::text, 5, '0')
     FROM generate_series(1, $2::int) AS n`,
    [workspaceId, RECORDS],
  );
  const auditor = await bed.startWorker();
  const { batchId, message } = await subgraph.triggerDataAudit(workspaceId);
  if (batchId === undefined) throw new Error(message);
  await bed.untilBatch(workspaceId, ['READY_FOR_REVIEW', 'COMPLETED'], 60_000);
  await auditor.stop();
  await promoteAll(bed, batchId);
  return {
    bed,
    workspaceId,
    batchId,
    revert: () => subgraph.revertPromotion(batchId),
  };
}

/** As a promotion does it, in one go. */
async function promoteAll({ pool }: ServiceBed, batchId: string): Promise<void> {
  await pool.query(
    `WITH changed AS (
       UPDATE third_party c SET phone = '+1' || phone
       FROM staged_record r WHERE r.batch_id = $1 AND r.entity_id = c.id
       RETURNING c.id, c.workspace_id, c.version, r.row_index, c.phone
     ), state AS (
       INSERT INTO staged_record_state (batch_id, row_index, status, base_version)
       SELECT $1, row_index, 'PROMOTED', version FROM changed
     )
     INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
       row_index, actor_id, before, after)
     SELECT gen_random_uuid(), c.workspace_id, 'contact', c.id, c.version, 'UPDATED', b.id,
            c.row_index, b.created_by_id, jsonb_build_object('phone', substr(c.phone, 3)),
            jsonb_build_object('phone', c.phone)
     FROM changed c JOIN staged_batch b ON b.id = $1`,
    [batchId],
  );
  await pool.query(`UPDATE finding SET decision = 'ACCEPTED', applied = true WHERE batch_id = $1`, [
    batchId,
  ]);
}
