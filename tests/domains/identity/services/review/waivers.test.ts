import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDecisions } from '../../../../../src/domains/identity/services/review/decisionLog.ts';
import {
  applyWaivers,
  listWaivers,
} from '../../../../../src/domains/identity/services/review/waivers.ts';
import { rehearse } from '../../../../../src/platform/postgres/pool.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let ann: string;
let workspaceId: string;
let batchId: string;

const badEmail = { familyName: 'Okafor', email: 'no address' };

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createReviewBed(testbed);
  ann = await testbed.createUser('Ann');
});
beforeEach(async () => {
  ({ workspaceId, batchId } = await bed.auditOf([badEmail], ann));
});
afterAll(() => testbed.close());

const waive = (expiresAt: Date | null = null) =>
  bed.decide({
    ...{ batchId, actorId: ann, decision: 'WAIVED' },
    waiver: { reason: 'The customer has none.', expiresAt },
  });

async function auditAgain() {
  const again = await bed.audit(workspaceId, ann);
  return { batchId: again, findings: await bed.findings(again) };
}

it('keeps the reason, the value and the version of the rule', async () => {
  await waive();

  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT rule_id, rule_version, field, value, reason, expires_at, created_by_id, revoked_at
    FROM waiver WHERE workspace_id = ${workspaceId}`);
  expect(rows).toEqual([
    {
      ...{ rule_id: 'contact.email.syntax', rule_version: 1, field: 'email', value: 'no address' },
      ...{ reason: 'The customer has none.', created_by_id: ann },
      ...{ expires_at: null, revoked_at: null },
    },
  ]);
});

it('is honoured by the next audit, which has nothing to review then', async () => {
  await waive();

  const next = await auditAgain();

  expect(next.findings).toMatchObject([{ decision: 'WAIVED', version: 0, decidedById: ann }]);
  expect(await bed.batchStatus(next.batchId)).toBe('COMPLETED');
});

it('holds for a duplicate too', async () => {
  const twins = ['Meier', 'Meyer'].map((familyName) => ({ familyName, email: 'm@example.com' }));
  ({ workspaceId, batchId } = await bed.auditOf(twins, ann));
  await waive();

  expect((await auditAgain()).findings).toMatchObject([
    { ruleId: 'contact.duplicate', decision: 'WAIVED' },
    { ruleId: 'contact.duplicate', decision: 'WAIVED' },
  ]);
});

it('takes as long as there are findings, not times as long as there are waivers', async () => {
  const findings = 4_000;
  const range = { id: uuidv7(), workspaceId };
  const waived = await rehearse(testbed.runtime.pool, async (client) => {
    await client.query(sql`
      WITH made AS (
        INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
          entity_id, entity_version, severity, field, message, current_value)
        SELECT ${range.id}, n, 0, 'contact.email.syntax', 1, 'contact', gen_random_uuid(), 1,
               'ERROR', 'email', 'It is no address.', 'no address'
        FROM generate_series(0, ${findings - 1}::int) AS n
        RETURNING *
      )
      INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
        value, reason, created_by_id)
      SELECT gen_random_uuid(), ${workspaceId}, entity_type, entity_id, rule_id, rule_version, field,
             unnest(ARRAY[current_value, 'none']), 'They have none.', ${ann}
      FROM made`);
    // Half a minute where each of the findings is compared with each of the waivers.
    await client.query(`SET LOCAL statement_timeout = '5s'`);
    await applyWaivers(client, range, 0, findings);
    const { rows } = await client.query<{ count: number }>(sql`
      SELECT count(*)::int AS count FROM finding
      WHERE batch_id = ${range.id} AND decision = 'WAIVED'`);
    return rows[0]?.count;
  });

  expect(waived).toBe(findings);
});

it.each([
  ['another value', sql`UPDATE third_party SET email = 'none' WHERE workspace_id = `],
  ['another version of the rule', sql`UPDATE waiver SET rule_version = 0 WHERE workspace_id = `],
  [
    'a time after its end',
    sql`UPDATE waiver SET expires_at = now() - interval '1 minute' WHERE workspace_id = `,
  ],
])('does not hold for %s', async (_what, change) => {
  await waive(new Date(Date.now() + 60_000));
  await testbed.runtime.pool.query(sql`${change}${workspaceId}`);

  expect((await auditAgain()).findings).toMatchObject([{ decision: 'OPEN' }]);
});

it.each(['OPEN', 'REJECTED'] as const)('ends when the finding becomes %s', async (decision) => {
  await waive();
  const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
  await bed.decide({ batchId, actorId: ann, decision, selection });

  expect((await auditAgain()).findings).toMatchObject([{ decision: 'OPEN' }]);
});

it('ends too where a later audit had honoured it, and the finding is reopened there', async () => {
  await waive();
  const next = await auditAgain();
  await bed.decide({ batchId: next.batchId, actorId: ann, decision: 'OPEN' });

  expect(await bed.batchStatus(next.batchId)).toBe('READY_FOR_REVIEW');
  expect((await auditAgain()).findings).toMatchObject([{ decision: 'OPEN' }]);
});

describe('given again', () => {
  const finding = { rowIndex: 0, ordinal: 0 };
  const nextYear = new Date(Date.now() + 365 * 86_400_000);
  const terms = { reason: 'They have promised one.', expiresAt: nextYear };
  let bob: string;

  beforeAll(async () => {
    bob = await testbed.createUser('Bob');
  });

  const waiveAgain = (given: Partial<Parameters<typeof bed.decide>[0]>) =>
    bed.decide({ ...{ batchId, actorId: bob, decision: 'WAIVED' }, waiver: terms, ...given });
  const shownWaiver = (ofBatch: string) =>
    listWaivers(testbed.runtime.pool, [{ batchId: ofBatch, ...finding }]);

  it('has another reason and another end, in every audit that honours it', async () => {
    await waive();
    const next = await auditAgain();

    const result = await waiveAgain({
      batchId: next.batchId,
      selection: { keys: [key(finding, { version: 0 })] },
    });

    expect(result).toMatchObject({ decidedCount: 1, skipped: [] });
    for (const audit of [batchId, next.batchId]) {
      expect(await shownWaiver(audit)).toMatchObject([{ ...terms, createdById: bob }]);
    }
    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT reason FROM waiver WHERE workspace_id = ${workspaceId} AND revoked_at IS NULL`);
    expect(rows).toEqual([{ reason: terms.reason }]);
  });

  it('is one more decision, which keeps the earlier one', async () => {
    await waive();
    await waiveAgain({
      selection: { keys: [key(finding, { version: 1 })] },
      comment: 'They said.',
    });

    expect(await bed.findings(batchId)).toMatchObject([
      { decision: 'WAIVED', version: 2, decidedById: bob },
    ]);
    expect(await listDecisions(testbed.runtime.pool, [{ batchId, ...finding }])).toMatchObject([
      { decision: 'WAIVED', version: 1, decidedById: ann },
      { decision: 'WAIVED', version: 2, decidedById: bob, comment: 'They said.' },
    ]);
  });

  it.each([
    ['who saw another version', 0],
    ['who names none', null],
  ])('is refused to one %s, and stays', async (_who, version) => {
    await waive();

    await expect(
      waiveAgain({ selection: { keys: [key(finding, { version })] } }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await shownWaiver(batchId)).toMatchObject([{ createdById: ann, expiresAt: null }]);
  });

  it('changes by filter only where that names what is waived', async () => {
    await waive();

    expect(await waiveAgain({})).toMatchObject({ decidedCount: 0 });
    expect(await waiveAgain({ selection: { filter: { decision: 'WAIVED' } } })).toMatchObject({
      decidedCount: 1,
    });
  });

  it('stays as it is where nothing would change', async () => {
    await waive(nextYear);

    const again = await waiveAgain({
      selection: { keys: [key(finding)] },
      waiver: { reason: 'The customer has none.', expiresAt: nextYear },
    });

    expect(again).toMatchObject({
      decidedCount: 0,
      skipped: [{ reason: 'ALREADY_DECIDED', count: 1 }],
    });
  });

  it('ends with the decision that gave it again', async () => {
    await waive();
    await waiveAgain({ selection: { keys: [key(finding, { version: 1 })] } });
    await bed.decide({ batchId, actorId: ann, decision: 'OPEN' });

    expect((await auditAgain()).findings).toMatchObject([{ decision: 'OPEN' }]);
  });
});
