import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readRuleSet } from '../../../../../src/domains/identity/services/configuration/ruleSet.ts';
import {
  activeEntities,
  selectActiveEntities,
} from '../../../../../src/domains/identity/services/staging/activeEntities.ts';
import { unchangedSince } from '../../../../../src/domains/identity/services/staging/unchangedEntities.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
});
afterAll(() => testbed.close());

/** What has not changed since just before now. */
async function unchanged(client: PoolClient) {
  const { rows } = await client.query<{ snapshot: string; now: Date }>(
    'SELECT pg_current_snapshot()::text AS snapshot, now()',
  );
  const { snapshot = '', now = new Date() } = rows[0] ?? {};
  const snapshotAt = new Date(now.getTime() - 60_000);
  const day = now.toISOString().slice(0, 10);
  const base = { batchId: workspaceId, passedOver: [], snapshot, snapshotAt, day };
  return unchangedSince(base, 'contact', workspaceId, await readRuleSet(client, workspaceId), now);
}

/** Waivers of every second contact that have just expired. */
const expireManyWaivers = () =>
  testbed.runtime.pool.query(sql`
    WITH contact AS (
      INSERT INTO third_party (id, workspace_id, family_name)
      SELECT gen_random_uuid(), ${workspaceId}, 'Okafor' || n FROM generate_series(1, 20000) n
      RETURNING id, family_name
    )
    INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
      reason, expires_at, created_by_id)
    SELECT gen_random_uuid(), ${workspaceId}, 'contact', id, 'contact.required', 1, 'email',
           'Fine.', now() - interval '1 second', (SELECT id FROM app_user LIMIT 1)
    FROM contact WHERE family_name ~ '[02468]$'`);

it('joins what is to be looked at again, however many that are and little memory there is', async () => {
  await expireManyWaivers();

  const plan = await inTransaction(testbed.runtime.pool, async (client) => {
    await client.query(`SET LOCAL work_mem = '64kB'`);
    await client.query('ANALYZE waiver');
    await client.query('SET LOCAL enable_nestloop = off');
    const query = selectActiveEntities(workspaceId, 'contact', await unchanged(client));
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${query}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });

  expect(plan).not.toMatch(/SubPlan|Nested Loop/);
});

it('looks again at what has a waiver that has expired', async () => {
  await expireManyWaivers();

  const counts = await inTransaction(
    testbed.runtime.pool,
    async (client) => {
      const found = { again: 0, unchanged: 0 };
      const isUnchanged = await unchanged(client);
      for await (const page of activeEntities(client, workspaceId, 'contact', isUnchanged)) {
        for (const entity of page) found[entity.unchanged ? 'unchanged' : 'again'] += 1;
      }
      return found;
    },
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  );

  expect(counts).toEqual({ again: 10_000, unchanged: 10_000 });
});
