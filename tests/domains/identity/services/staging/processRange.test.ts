import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
});
afterAll(() => testbed.close());

it('leaves a range undone whose rows do not all turn up', async () => {
  const { pool, auditRunner, processing } = testbed.runtime;
  const workspaceId = await testbed.createWorkspace();
  for (const familyName of ['Meier', 'Okafor', 'Rossi']) {
    await testbed.createEntity(workspaceId, 'contact', { familyName });
  }
  const createdBy = await testbed.createUser('editor');
  const { batch } = await auditRunner.triggerDataAudit({ workspaceId, createdBy });
  await pool.query('DELETE FROM staged_record WHERE batch_id = $1 AND row_index = 1', [batch.id]);

  const attempt = { batchId: batch.id, attempt: batch.attempt };
  await expect(
    processing.runStep(attempt, { kind: 'PROCESS_RANGE', stepIndex: 0 }),
  ).rejects.toThrow(`Rows are missing between 0 and 3 of batch ${batch.id}.`);

  const { rows } = await pool.query(
    `SELECT done_at FROM staged_batch_step WHERE batch_id = $1 AND kind = 'PROCESS_RANGE'`,
    [batch.id],
  );
  expect(rows).toEqual([{ done_at: null }]);
});
