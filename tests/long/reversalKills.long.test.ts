import { describe, expect, it } from 'vitest';
import { BACKENDS } from './support/auditScene.ts';
import { putGate } from './support/gate.ts';
import { openReversalScene } from './support/reversalScene.ts';

/** Lock, two looks for stalled jobs, and the work itself. */
const RECOVERY_MS = 60_000;

describe.concurrent.each(BACKENDS)('with the queue in $backend,', ({ startRedis }) => {
  it('a reversal of 50,000 records whose workers are killed undoes each change once', async ({
    onTestFinished,
  }) => {
    const scene = await openReversalScene(await startRedis(), onTestFinished);
    const { bed, batchId } = scene;
    // One entity in the middle of each bucket's work holds it up.
    const gate = await putGate(
      bed.databaseUrl,
      'entity_change',
      "NEW.kind = 'REVERTED' AND NEW.row_index % 5000 = 2500",
    );
    await scene.revert();

    for (let kills = 0; kills < 2; kills += 1) {
      const worker = await bed.startWorker();
      await gate.untilReached();
      await worker.kill();
      await gate.open();
      if (kills === 0) await gate.close();
    }
    await bed.startWorker();

    await bed.untilBatch(scene.workspaceId, ['COMPLETED'], RECOVERY_MS);
    const { rows } = await bed.pool.query(
      `SELECT (SELECT count(*)::int FROM third_party WHERE phone LIKE '+%') AS changed,
              (SELECT count(*)::int FROM third_party WHERE version = 3) AS restored,
              (SELECT count(*)::int FROM entity_change WHERE batch_id = $1 AND kind = 'REVERTED') AS undoing,
              (SELECT count(DISTINCT reverts_id)::int FROM entity_change WHERE batch_id = $1) AS undone,
              (SELECT count(*)::int FROM entity_change WHERE batch_id = $1 AND reverted) AS marked,
              (SELECT counts FROM batch_run WHERE batch_id = $1) AS counts,
              (SELECT count(*)::int FROM reversal_entry) AS entries,
              (SELECT count(*)::int FROM staged_record_state
               WHERE batch_id = $1 AND status = 'REVERTED') AS reverted`,
      [batchId],
    );
    expect(rows).toEqual([
      {
        changed: 0,
        restored: 50_000,
        undoing: 50_000,
        undone: 50_000,
        marked: 50_000,
        counts: { reversed: 50_000, kept: 0, errored: 0 },
        entries: 50_000,
        reverted: 50_000,
      },
    ]);
  });
});
