import { afterAll, beforeAll, expect, it } from 'vitest';
import { logRuleFailure } from '../../../../src/domains/identity/services/staging/processRange.ts';
import { createTestLogger } from '../../../platform/testLogger.ts';
import { waitFor } from '../../../support/waitFor.ts';
import { createErasureBed, person } from '../services/erasure/erasureBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../support/identityTestbed.ts';

const { logger, lines } = createTestLogger();
let testbed: IdentityTestbed;

beforeAll(async () => {
  testbed = await createIdentityTestbed({ logger });
  await testbed.startWorker();
});
afterAll(() => testbed.close());

it('carries ids and no data when a job fails over a row', async () => {
  const { pool } = testbed.runtime;
  // The database quotes what it refuses.
  await pool.query(`
    CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'refused %', NEW.message USING DETAIL = NEW::text;
    END $$;
    CREATE TRIGGER refuse_row BEFORE INSERT ON finding
      FOR EACH ROW WHEN (NEW.current_value ILIKE '%zqxmark%') EXECUTE FUNCTION refuse_row()`);
  const bed = await createErasureBed(testbed);
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId: bed.workspaceId, createdBy: bed.actorId, title: 'Import' },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport', autoPromote: false },
    rows: [{ entityType: 'contact', rawData: { ...person } }],
  });
  const line = await waitFor('the job to fail', () =>
    Promise.resolve(lines.find(({ msg }) => msg === 'job failed')),
  );
  await pool.query('DROP TRIGGER refuse_row ON finding');
  await testbed.untilResting(batch.id);
  await bed.batches.audit(bed.workspaceId).catch(() => null);

  expect(line).toMatchObject({
    err: { message: 'PostgreSQL: P0001', stack: expect.stringMatching(/^\s+at /) },
    job: { batchId: batch.id },
  });
  expect(JSON.stringify(lines)).not.toMatch(/zqxmark|0177|77177|1931-03-17/i);
});

it('says where a rule failed, and not on what', () => {
  logRuleFailure(logger, 'b')(
    'contact.email',
    { rowIndex: 3, entityId: 'e', entityVersion: 1 },
    new TypeError('zq'),
  );
  expect(lines.at(-1)).toMatchObject({
    ...{ batchId: 'b', ruleId: 'contact.email', rowIndex: 3, entityId: 'e', msg: 'rule failed' },
    error: expect.stringMatching(/^TypeError\n\s+at /),
  });
});
