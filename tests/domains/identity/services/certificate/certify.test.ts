import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { allRules } from '../../../../../src/domains/identity/rules/catalogue.ts';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { putGate } from '../../../../long/support/gate.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { certificateOf, certifiedOf } from './certificateBed.ts';

let testbed: IdentityTestbed;
let workspaceId: string;
let createdBy: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  createdBy = await testbed.createUser('editor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const contact = (familyName: string, email = `${familyName}@example.com`) =>
  testbed.createEntity(workspaceId, 'contact', { familyName, email });
const set = (id: string, fields: Record<string, string>) =>
  setFields(testbed.runtime.pool, 'contact', id, fields);

/** An audit whose steps the test runs, with no worker. */
async function begin() {
  const { pool, processing, auditRunner } = testbed.runtime;
  const { batch } = await auditRunner.triggerDataAudit({ workspaceId, createdBy });
  const job = { batchId: batch.id, attempt: batch.attempt };
  const runRange = () => processing.runStep(job, { kind: 'PROCESS_RANGE', stepIndex: 0 });
  return {
    batchId: batch.id,
    runRange,
    /** Does what is left of the audit. */
    async finish() {
      const { rows } = await pool.query(
        `SELECT kind, step_index AS "stepIndex" FROM staged_batch_step
         WHERE batch_id = $1 AND done_at IS NULL`,
        [batch.id],
      );
      for (const step of rows) await processing.runStep(job, step);
      await processing.advance(job);
    },
  };
}

it('says what was looked at, as of when, by which rules, and what was found', async () => {
  const { pool } = testbed.runtime;
  await contact('Okafor', 'no address');
  await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
  await pool.query(
    `INSERT INTO rule_setting (workspace_id, rule_id, enabled, severity, parameters)
     VALUES ($1, 'contact.stale', false, NULL, '{}'), ($1, 'contact.email.syntax', NULL, 'ERROR', '{}'),
            ($1, 'contact.birth-date.implausible', NULL, NULL,
             '{"contact.birth-date.implausible.maximumAge": 110}')`,
    [workspaceId],
  );
  const audit = await begin();
  expect(await certificateOf(pool, audit.batchId)).toBeNull();
  await audit.finish();

  const { rows } = await pool.query('SELECT snapshot FROM staged_batch WHERE id = $1', [
    audit.batchId,
  ]);
  const certificate = await certificateOf(pool, audit.batchId);
  const nothing = { checked: 0, gone: 0, unreadable: 0, unchanged: 0 };
  const meanwhile = { added: 0, changed: 0, removed: 0 };
  expect(certificate).toMatchObject({
    ...{ batchId: audit.batchId, workspaceId, mode: 'FULL', baseBatchId: null, fullReason: null },
    ...{ snapshot: rows[0].snapshot, defaultCountry: 'US' },
    entities: [
      { entityType: 'contact', expected: 1, ...nothing, checked: 1, ...meanwhile },
      { entityType: 'site', expected: 1, ...nothing, checked: 1, ...meanwhile },
      { entityType: 'device', expected: 0, ...nothing, ...meanwhile },
    ],
    rulesOff: ['contact.stale'],
    findings: [
      // The site has no address.
      { severity: 'ERROR', count: 2 },
      { severity: 'WARNING', count: expect.any(Number) },
      { severity: 'INFO', count: expect.any(Number) },
    ],
    uncompared: [],
  });
  expect(certificate?.rules).toHaveLength(allRules.length - 1);
  expect(certificate?.rules).toEqual(
    expect.arrayContaining([
      { id: 'contact.email.syntax', version: 1, severity: 'ERROR', parameters: [] },
      expect.objectContaining({
        id: 'contact.birth-date.implausible',
        parameters: [{ id: 'contact.birth-date.implausible.maximumAge', value: 110 }],
      }),
    ]),
  );
  expect(Date.parse(certificate?.snapshotAt ?? '')).toBeLessThan(
    Date.parse(certificate?.certifiedAt ?? ''),
  );
});

it('accounts for what is added, changed and removed while the audit runs', async () => {
  const { pool } = testbed.runtime;
  const [gone, changed, removed] = await Promise.all([
    contact('Gone'),
    contact('Changed'),
    contact('Removed'),
  ]);
  await contact('Okafor', 'no address');
  const audit = await begin();
  await set(gone, { state: 'ARCHIVED' });
  const gate = await putGate(testbed.connectionString, 'finding', 'true');
  const range = audit.runRange();
  await gate.untilReached();

  await contact('Added');
  await set(await contact('Passing'), { state: 'ARCHIVED' });
  await set(changed, { email: 'changed@example.com' });
  await set(removed, { state: 'ARCHIVED' });
  await gate.open();
  await range;
  await audit.finish();

  expect(await certifiedOf(pool, audit.batchId, 'contact')).toMatchObject({
    ...{ expected: 4, checked: 3, gone: 1, unreadable: 0, unchanged: 0 },
    // One before it was to be checked, the other after.
    ...{ added: 1, changed: 1, removed: 2 },
  });
  await pool.query('DROP TRIGGER gate ON finding; DROP FUNCTION pass_gate');
});

it('counts once what a killed worker had begun to check', async () => {
  const { pool } = testbed.runtime;
  await contact('Okafor', 'no address');
  await contact('Ngata');
  const audit = await begin();
  const gate = await putGate(testbed.connectionString, 'finding', 'true');
  const range = audit.runRange();
  const lost = expect(range).rejects.toThrow();
  await gate.untilReached();
  await pool.query(`
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  await lost;
  await gate.open();

  await audit.runRange();
  await audit.runRange();
  await audit.finish();

  expect(await certifiedOf(pool, audit.batchId, 'contact')).toMatchObject({
    ...{ expected: 2, checked: 2 },
  });
  await pool.query('DROP TRIGGER gate ON finding; DROP FUNCTION pass_gate');
});

it('fails an audit that is not complete, which then has no certificate', async () => {
  const { pool } = testbed.runtime;
  await contact('Okafor');
  const audit = await begin();
  await audit.runRange();
  await pool.query(
    `UPDATE staged_batch_step SET details = '{"lookedAt": {}}'
     WHERE batch_id = $1 AND kind = 'PROCESS_RANGE'`,
    [audit.batchId],
  );

  await expect(audit.finish()).rejects.toThrow(
    'the audit is not complete: 1 contacts were staged, and 0 are accounted for',
  );

  expect(await certificateOf(pool, audit.batchId)).toBeNull();
  expect(await findStagedBatch(pool, audit.batchId)).toMatchObject({ status: 'PROCESSING' });
});

it('is not given to an audit that was cancelled', async () => {
  await contact('Okafor');
  const audit = await begin();
  await audit.runRange();
  await testbed.runtime.lifecycle.cancelStagedBatch(audit.batchId);

  await audit.finish();

  expect(await certificateOf(testbed.runtime.pool, audit.batchId)).toBeNull();
});

it('is not given where the database was restored elsewhere in between', async () => {
  await contact('Okafor');
  const audit = await begin();
  await testbed.runtime.pool.query(
    `UPDATE staged_batch SET system_identifier = '1' WHERE id = $1`,
    [audit.batchId],
  );

  await expect(audit.finish()).rejects.toThrow('the database was restored');
});
