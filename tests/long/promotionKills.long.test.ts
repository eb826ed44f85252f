import { describe, expect, it } from 'vitest';
import type { ServiceBed } from '../domains/identity/jobs/support/serviceBed.ts';
import { BACKENDS, openAuditScene } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';

const RECOVERY_MS = 90_000;

describe.concurrent.each(BACKENDS)('with the queue in $backend,', ({ startRedis }) => {
  it('a promotion whose workers are killed again and again applies each change once', async ({
    onTestFinished,
  }) => {
    const scene = await openAuditScene({ redis: await startRedis() }, onTestFinished);
    const { bed, workspaceId } = scene;
    const auditor = await bed.startWorker();
    const batchId = await scene.trigger();
    await scene.untilReady();
    await auditor.stop();
    await acceptOneOfEach(bed, batchId);
    const gate = await putGate(bed.databaseUrl, 'entity_change', 'NEW.row_index IN (15000, 45000)');

    await scene.subgraph.promoteStagedBatch(batchId);
    for (let kills = 0; kills < 2; kills += 1) {
      const worker = await bed.startWorker();
      await gate.untilReached();
      await worker.kill();
      await gate.open();
      if (kills === 0) await gate.close();
    }
    await bed.startWorker();
    const ended = ['COMPLETED', 'READY_FOR_REVIEW', 'FAILED'];
    const batch = await bed.untilBatch(workspaceId, ended, RECOVERY_MS);

    expect(batch).toMatchObject({ status: 'COMPLETED', failureReason: null });
    expect(await outcomeOf(bed, batchId)).toEqual({
      changes: 50_000,
      changedEntities: 50_000,
      rightHistory: 50_000,
      rightEntities: 50_000,
      appliedFindings: 50_000,
      promotedRecords: 50_000,
      counts: {
        ...{ applied: 50_000, created: 0, unchanged: 0, conflict: 0, failed: 0 },
        ...{ fourEyes: 0, openErrors: 0, waiting: 0 },
      },
    });
  });
});

/** Puts one accepted finding in place of those that the audit has made, for every record. */
async function acceptOneOfEach({ pool }: ServiceBed, batchId: string): Promise<void> {
  await pool.query('DELETE FROM finding WHERE batch_id = $1', [batchId]);
  await pool.query(
    `INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
       entity_id, entity_version, severity, field, message, suggested_value, decision, version)
     SELECT batch_id, row_index, 0, 'test.rule', 1, entity_type, entity_id, 1, 'INFO',
            CASE entity_type WHEN 'contact' THEN 'givenName' WHEN 'site' THEN 'name' ELSE 'model' END,
            '', 'Promoted ' || row_index, 'ACCEPTED', 1
     FROM staged_record WHERE batch_id = $1`,
    [batchId],
  );
}

async function outcomeOf({ pool }: ServiceBed, batchId: string) {
  const { rows } = await pool.query(
    `WITH entity AS (
       SELECT id, version, given_name AS value FROM third_party
       UNION ALL SELECT id, version, name FROM customer_site
       UNION ALL SELECT id, version, model FROM customer_device
     ), change AS (
       SELECT entity_id, version, (SELECT value FROM jsonb_each_text(after)) AS value,
              'Promoted ' || row_index AS expected
       FROM entity_change WHERE batch_id = $1
     )
     SELECT (SELECT count(*)::int FROM change) AS changes,
            (SELECT count(DISTINCT entity_id)::int FROM change) AS "changedEntities",
            (SELECT count(*)::int FROM change WHERE version = 2 AND value = expected)
              AS "rightHistory",
            (SELECT count(*)::int FROM entity JOIN staged_record r ON r.entity_id = entity.id
             WHERE version = 2 AND value = 'Promoted ' || r.row_index) AS "rightEntities",
            (SELECT count(*)::int FROM finding WHERE batch_id = $1 AND applied)
              AS "appliedFindings",
            (SELECT count(*)::int FROM staged_record_state
             WHERE batch_id = $1 AND status = 'PROMOTED' AND base_version = 2)
              AS "promotedRecords",
            (SELECT counts FROM batch_run WHERE batch_id = $1) AS counts`,
    [batchId],
  );
  return rows[0];
}
