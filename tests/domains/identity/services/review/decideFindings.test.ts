import { Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { callers, createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let ann: string;
let bob: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createReviewBed(testbed);
  ann = await testbed.createUser('Ann');
  bob = await testbed.createUser('Bob');
});
afterAll(() => testbed.close());

const insertFindings = (batchId: string, count: number) =>
  testbed.runtime.pool.query(sql`
    INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
      entity_id, entity_version, severity, field, message)
    SELECT ${batchId}, n, 0, 'contact.recommended', 1, 'contact', gen_random_uuid(), 1, 'INFO',
           'email', 'There is none.'
    FROM generate_series(1, ${count}::int) AS n`);

const badEmail = { familyName: 'Okafor', email: 'no address' };
const twins = [
  { familyName: 'Meier', email: 'meier@example.com' },
  { familyName: 'Meyer', email: 'meier@example.com' },
];

describe('by filter', () => {
  it('accepts all suggestions of a rule, and nothing else', async () => {
    const { batchId } = await bed.auditOf([...callers(3), badEmail], ann);

    const result = await bed.decide({
      batchId,
      actorId: ann,
      selection: { filter: { ruleId: 'contact.phone.format' } },
    });

    expect(result).toEqual({ decisionId: expect.any(String), decidedCount: 3, skipped: [] });
    expect(await bed.findings(batchId)).toMatchObject([
      { decision: 'ACCEPTED', version: 1, decidedById: ann, editedValue: null },
      { decision: 'ACCEPTED', version: 1 },
      { decision: 'ACCEPTED', version: 1 },
      { ruleId: 'contact.email.syntax', decision: 'OPEN', version: 0, decidedById: null },
    ]);
  });

  it('says how many it skipped, and why', async () => {
    const { batchId } = await bed.auditOf([...callers(1), badEmail, ...twins], ann);

    const result = await bed.decide({ batchId, actorId: ann });

    expect(result).toMatchObject({
      decidedCount: 1,
      skipped: [
        { reason: 'NO_SUGGESTED_VALUE', count: 1 },
        { reason: 'DUPLICATE', count: 2 },
      ],
    });
  });

  it('leaves likely suggestions to those who look at them, or ask for them', async () => {
    const { batchId } = await bed.auditOf([{ familyName: 'MARLOW' }, ...callers(1)], ann);
    const accept = { batchId, actorId: ann } as const;

    expect(await bed.decide(accept)).toMatchObject({
      decidedCount: 1,
      skipped: [{ reason: 'LIKELY_SUGGESTION', count: 1 }],
    });
    expect(await bed.decide({ ...accept, includeLikely: true })).toMatchObject({
      decidedCount: 1,
      skipped: [],
    });
  });

  it('rejects findings however sure their suggestions are', async () => {
    const { batchId } = await bed.auditOf([{ familyName: 'MARLOW' }], ann);
    const rejected = await bed.decide({ batchId, actorId: ann, decision: 'REJECTED' });
    expect(rejected).toMatchObject({ decidedCount: 1, skipped: [] });
  });

  it.each([
    ['severity', { severity: 'WARNING' }, ['contact.email.syntax']],
    ['field', { field: 'phone' }, ['contact.phone.format']],
    ['entity type', { entityType: 'device' }, []],
    ['record status', { recordStatus: 'DECIDED' }, []],
  ] as const)('selects by %s', async (_what, filter, rules) => {
    const { batchId } = await bed.auditOf([...callers(1), badEmail], ann);

    await bed.decide({ batchId, actorId: ann, decision: 'REJECTED', selection: { filter } });

    const rejected = (await bed.findings(batchId)).filter((f) => f.decision === 'REJECTED');
    expect(rejected.map(({ ruleId }) => ruleId)).toEqual(rules);
  });

  it('leaves alone what others have decided, unless it names their decision', async () => {
    const { batchId } = await bed.auditOf(callers(2), ann);
    const [first] = await bed.findings(batchId);
    if (!first) throw new Error('Nothing was found.');
    const selection = { keys: [key(first)] };
    await bed.decide({ batchId, actorId: ann, decision: 'REJECTED', selection });

    expect(await bed.decide({ batchId, actorId: bob })).toMatchObject({ decidedCount: 1 });
    const rejected = { filter: { decision: 'REJECTED' } } as const;
    expect(await bed.decide({ batchId, actorId: bob, selection: rejected })).toMatchObject({
      decidedCount: 1,
    });

    expect((await bed.findings(batchId)).map(({ version }) => version)).toEqual([2, 1]);
  });
});

describe('by name', () => {
  it('changes a decision, and keeps the one before', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
    await bed.decide({ batchId, actorId: ann, selection, comment: ' Looks right. ' });
    const seen = { keys: [key({ rowIndex: 0, ordinal: 0 }, { version: 1 })] };
    await bed.decide({ batchId, actorId: bob, selection: seen, decision: 'REJECTED' });

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT e.version, d.decision, d.actor_id AS actor, d.comment
      FROM decision_entry e JOIN decision d ON d.id = e.decision_id
      WHERE e.batch_id = ${batchId} ORDER BY e.version`);
    expect(rows).toEqual([
      { version: 1, decision: 'ACCEPTED', actor: ann, comment: 'Looks right.' },
      { version: 2, decision: 'REJECTED', actor: bob, comment: null },
    ]);
  });

  it('overwrites nobody else’s decision without the version that it was seen in', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
    await bed.decide({ batchId, actorId: ann, selection });

    const rejecting = { batchId, selection, decision: 'REJECTED' } as const;
    await expect(bed.decide({ ...rejecting, actorId: bob })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/is ACCEPTED since .* by Ann \(version 1; you named none\)/),
    });
    expect(await bed.decide({ ...rejecting, actorId: ann })).toMatchObject({ decidedCount: 1 });
  });

  it('accepts a likely suggestion that is named', async () => {
    const { batchId } = await bed.auditOf([{ familyName: 'MARLOW' }], ann);
    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
    expect(await bed.decide({ batchId, actorId: ann, selection })).toMatchObject({
      decidedCount: 1,
      skipped: [],
    });
  });

  it('refuses an edited value that an audit would find again', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    const local = key({ rowIndex: 0, ordinal: 0 }, { value: '(312) 555-0199' });

    await expect(
      bed.decide({ batchId, actorId: ann, selection: { keys: [local] } }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: expect.objectContaining({ ruleId: 'contact.phone.format' }),
    });
    expect(await bed.findings(batchId)).toMatchObject([{ decision: 'OPEN', version: 0 }]);
  });

  it('accepts nothing of a record that was undone until it is reopened', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    await testbed.runtime.pool.query(sql`
      INSERT INTO staged_record_state (batch_id, row_index, status) VALUES (${batchId}, 0, 'REVERTED')`);
    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };

    expect(await bed.decide({ batchId, actorId: ann, selection })).toMatchObject({
      decidedCount: 0,
      skipped: [{ reason: 'REVERTED_RECORD', count: 1 }],
    });
  });

  it('takes a decision that is there already for done', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
    await bed.decide({ batchId, actorId: ann, selection });

    expect(await bed.decide({ batchId, actorId: bob, selection })).toMatchObject({
      decisionId: null,
      decidedCount: 0,
      skipped: [{ reason: 'ALREADY_DECIDED', count: 1 }],
    });
    expect(await bed.findings(batchId)).toMatchObject([{ version: 1, decidedById: ann }]);
  });

  it('refuses a version that is no longer the present one, and says who decided what', async () => {
    const { batchId } = await bed.auditOf(callers(2), ann);
    const [first, second] = await bed.findings(batchId);
    if (!first || !second) throw new Error('Nothing was found.');
    await bed.decide({
      ...{ batchId, actorId: bob, decision: 'REJECTED' },
      selection: { keys: [key(first)] },
    });

    const late = bed.decide({
      batchId,
      actorId: ann,
      selection: { keys: [key(second, { version: 0 }), key(first, { version: 0 })] },
    });

    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^Finding 0 of record 0 is REJECTED since .*Z by Bob/),
      details: {
        rowIndex: 0,
        ordinal: 0,
        version: 1,
        decision: 'REJECTED',
        decidedById: bob,
      },
    });
    expect(await bed.findings(batchId)).toMatchObject([
      { decision: 'REJECTED', version: 1 },
      { decision: 'OPEN', version: 0 },
    ]);
  });

  it('refuses a finding that is not there, and decides nothing', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    const keys = [key({ rowIndex: 0, ordinal: 0 }), key({ rowIndex: 0, ordinal: 9 })];

    await expect(bed.decide({ batchId, actorId: ann, selection: { keys } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'input.findings.1' },
    });
    expect(await bed.findings(batchId)).toMatchObject([{ decision: 'OPEN' }]);
  });
});

describe.each([
  ['by name', 2_000],
  ['by filter', 40_000],
] as const)('in a new audit of many findings, %s', (how, decided) => {
  it('compares none of them with all others', async () => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    // What PostgreSQL knows of the table is of earlier audits alone.
    for (let audit = 0; audit < 5; audit += 1) await insertFindings(uuidv7(), 20_000);
    await testbed.runtime.pool.query('ANALYZE finding');
    await insertFindings(batchId, 40_000);
    const hurried = new Pool({
      connectionString: testbed.connectionString,
      // Half a minute where all are compared with those that are named, else an hour.
      options: '-c statement_timeout=8s',
    });
    const keys = Array.from({ length: decided }, (_, n) => key({ rowIndex: n + 1, ordinal: 0 }));
    const selection = how === 'by name' ? { keys } : { filter: { ruleId: 'contact.recommended' } };

    const result = await createReviewBed(testbed, hurried)
      .decide({ batchId, actorId: ann, decision: 'WAIVED', selection })
      .finally(() => hurried.end());

    expect(result).toMatchObject({ decidedCount: decided, skipped: [] });
  });
});

describe('reopening', () => {
  it('takes back all that a filter selects, and brings a completed batch back', async () => {
    const { batchId } = await bed.auditOf(callers(2), ann);
    await bed.decide({ batchId, actorId: ann });
    await testbed.runtime.pool.query(sql`
      UPDATE staged_batch SET status = 'COMPLETED' WHERE id = ${batchId}`);

    const result = await bed.decide({ batchId, actorId: bob, decision: 'OPEN' });

    expect(result).toMatchObject({ decidedCount: 2, skipped: [] });
    expect(await bed.batchStatus(batchId)).toBe('READY_FOR_REVIEW');
    expect(await bed.findings(batchId)).toMatchObject([
      { decision: 'OPEN', version: 2, decidedById: null },
      { decision: 'OPEN', version: 2, decidedById: null },
    ]);
  });

  it('lets go of what a record came to, for the records that it is about', async () => {
    const { batchId } = await bed.auditOf(callers(2), ann);
    await bed.decide({ batchId, actorId: ann });
    await testbed.runtime.pool.query(sql`
      INSERT INTO staged_record_state (batch_id, row_index, status, reason)
      VALUES (${batchId}, 0, 'CONFLICT', 'x'), (${batchId}, 1, 'REVERTED', 'y')`);

    const selection = { keys: [key({ rowIndex: 0, ordinal: 0 })] };
    await bed.decide({ batchId, actorId: ann, decision: 'OPEN', selection });

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT status, reason FROM staged_record_state WHERE batch_id = ${batchId}
      ORDER BY row_index`);
    expect(rows).toEqual([
      { status: null, reason: null },
      { status: 'REVERTED', reason: 'y' },
    ]);
  });

  it('takes the findings of a merge together', async () => {
    const { batchId } = await bed.auditOf(twins, ann);
    const { rows } = await testbed.runtime.pool.query<{ id: string }>(sql`
      INSERT INTO merge (id, batch_id, entity_type, survivor_id, loser_ids, row_index, field_from,
        created_by_id)
      SELECT gen_random_uuid(), ${batchId}, 'contact', gen_random_uuid(), '{}', 0, '{}', ${ann}
      RETURNING id`);
    await testbed.runtime.pool.query(sql`
      UPDATE finding SET decision = 'ACCEPTED', merge_id = ${rows[0]?.id}
      WHERE batch_id = ${batchId}`);
    const [first] = await bed.findings(batchId);
    if (!first) throw new Error('Nothing was found.');
    const selection = { keys: [key(first)] };

    expect(
      await bed.decide({ batchId, actorId: ann, decision: 'REJECTED', selection }),
    ).toMatchObject({ decidedCount: 0, skipped: [{ reason: 'PART_OF_MERGE', count: 1 }] });
    expect(await bed.decide({ batchId, actorId: ann, decision: 'OPEN', selection })).toMatchObject({
      decidedCount: 2,
    });
    expect(await bed.findings(batchId)).toMatchObject([
      { decision: 'OPEN', mergeId: null },
      { decision: 'OPEN', mergeId: null },
    ]);
    const left = await testbed.runtime.pool.query(sql`
      SELECT FROM merge WHERE batch_id = ${batchId}`);
    expect(left.rowCount).toBe(0);
  });
});

it('leaves what is in production alone', async () => {
  const { batchId } = await bed.auditOf(callers(1), ann);
  await bed.decide({ batchId, actorId: ann });
  await testbed.runtime.pool.query(sql`
    UPDATE finding SET applied = true WHERE batch_id = ${batchId}`);

  expect(await bed.decide({ batchId, actorId: ann, decision: 'OPEN' })).toMatchObject({
    decidedCount: 0,
    skipped: [{ reason: 'ALREADY_APPLIED', count: 1 }],
  });
});

it.each(['PROCESSING', 'PROMOTING', 'REVERTING', 'FAILED', 'CANCELLED'])(
  'is refused while the batch is %s',
  async (status) => {
    const { batchId } = await bed.auditOf(callers(1), ann);
    await testbed.runtime.pool.query(sql`
      UPDATE staged_batch SET status = ${status}::batch_status WHERE id = ${batchId}`);

    await expect(bed.decide({ batchId, actorId: ann })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { status },
    });
    await testbed.runtime.pool.query(sql`
      UPDATE staged_batch SET status = 'CANCELLED' WHERE id = ${batchId}`);
  },
);
