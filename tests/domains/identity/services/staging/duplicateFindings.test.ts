import type { ClientBase } from 'pg';
import sql, { Sql } from 'sql-template-tag';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchRules } from '../../../../../src/domains/identity/services/staging/batchRules.ts';
import { insertDuplicateFindings } from '../../../../../src/domains/identity/services/staging/duplicateFindings.ts';
import { findStagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import { rehearse } from '../../../../../src/platform/postgres/pool.ts';
import { createBatchBed } from '../../support/batchBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
});
afterAll(() => testbed.close());

/** Audits two thousand pairs of devices with the same serial number; people said that none is one. */
async function auditPairsApart(): Promise<string> {
  const workspaceId = await testbed.createWorkspace();
  await testbed.runtime.pool.query(sql`
    INSERT INTO customer_device (id, workspace_id, manufacturer, model, serial_number)
    SELECT gen_random_uuid(), ${workspaceId}, 'Brightmere', 'G2', 'BM-' || 70000 + n / 2 * 37
    FROM generate_series(0, 3999) n`);
  await testbed.runtime.pool.query(sql`
    INSERT INTO not_duplicate (workspace_id, entity_type, first_id, second_id, first_fingerprint,
      second_fingerprint, created_by_id)
    SELECT a.workspace_id, 'device', a.id, b.id, compared_values(a), compared_values(b),
           (SELECT id FROM app_user LIMIT 1)
    FROM customer_device a JOIN customer_device b USING (workspace_id, serial_number)
    WHERE a.id < b.id`);
  const bed = createBatchBed(testbed, await testbed.createUser('auditor'));
  return bed.audit(workspaceId);
}

/** Explains the statement that makes the findings before it is run. */
function explaining(client: ClientBase, plans: string[]): ClientBase {
  const explainFirst = async (statement: Sql) => {
    const { text, values } = statement;
    const { rows } = await client.query({ text: `EXPLAIN ${text}`, values });
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return client.query(statement);
  };
  const query = (statement: unknown, ...rest: unknown[]) =>
    statement instanceof Sql && statement.text.includes('INSERT INTO finding')
      ? explainFirst(statement)
      : Reflect.apply(client.query, client, [statement, ...rest]);
  return new Proxy(client, {
    get: (target, key) => (key === 'query' ? query : Reflect.get(target, key)),
  });
}

it('leaves out pairs that people marked without going through all of them for each member', async () => {
  const { pool } = testbed.runtime;
  const batch = await findStagedBatch(pool, await auditPairsApart());
  if (batch === null) throw new Error('The batch is gone.');
  const plans: string[] = [];

  const found = await rehearse(pool, async (client) => {
    await client.query(`SET LOCAL work_mem = '64kB'`);
    const { context, workspaceRule } = await batchRules(client, batch);
    const rule = workspaceRule('device.duplicate');
    if (rule?.kind !== 'duplicate') throw new Error('There is no such rule.');
    const search = { client: explaining(client, plans), batch, context, ordinal: 900_000 };
    const onFailure = () => {};
    return insertDuplicateFindings({ ...search, onFailure, into: 'finding' }, rule, 4_000);
  });

  expect(found).toBe(0);
  expect(plans).toHaveLength(1);
  expect(plans[0]).not.toMatch(/SubPlan/);
});
