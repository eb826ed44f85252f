import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let annId: string;
let bobId: string;
let workspaceId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  await testbed.startWorker();
  annId = await testbed.userId('ann');
  bobId = await testbed.userId('bob');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: annId, defaultCountry: 'US' });
  await testbed.addMember(workspaceId, bobId, 'REVIEWER');
  for (const contact of [
    { familyName: 'Okafor', phone: '(312) 555-0142' },
    { familyName: 'Lindqvist', phone: '(312) 555-0198' },
  ]) {
    await testbed.createEntity(workspaceId, 'contact', contact);
  }
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier', email: 'no address' });
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: annId,
  });
  await testbed.untilResting(batch.id);
  batchId = batch.id;
});
afterAll(() => testbed.close());

async function decide(user: string, name: string, input: object) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return ask(
    user,
    `mutation ($input: ${type}) {
      ${name}(input: $input) { decisionId decidedCount skipped { reason message count } }
    }`,
    { input: { batchId, ...input } },
  );
}

it('refuses a time that is none, and says what one looks like', async () => {
  const input = { batchId, reason: 'Known.', filter: {} };
  const inVariables = await decide('ann', 'waiveFindings', { ...input, expiresAt: 'tomorrow' });
  const inDocument = await ask(
    'ann',
    `mutation ($id: ID!) {
      waiveFindings(
        input: { batchId: $id, reason: "Known.", filter: {}, expiresAt: "2027-06-30" }
      ) { decidedCount }
    }`,
    { id: batchId },
  );

  for (const { errors } of [inVariables, inDocument]) {
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('2027-06-30T18:00:00Z'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  }
});

it('decides by filter and by name, and shows all decisions', async () => {
  const accepted = await decide('ann', 'acceptFindings', {
    filter: { ruleId: 'contact.phone.format' },
    comment: 'As always.',
  });
  expect(accepted.data.acceptFindings).toEqual({
    ...{ decisionId: expect.any(String), decidedCount: 2, skipped: [] },
  });
  await decide('bob', 'rejectFindings', { findings: [{ rowIndex: 0, ordinal: 0, version: 1 }] });

  const { data, errors } = await ask(
    'ann',
    `query ($id: ID!) {
      stagedBatch(id: $id) {
        findings(filter: { field: "phone" }) {
          edges { node {
            decision version editedValue applied decidedBy { email }
            decisions { decision version value comment decidedAt decidedBy { email } }
          } }
        }
        rejected: findings(filter: { decision: REJECTED }) { edges { node { rowIndex } } }
        recordCounts { status count }
      }
    }`,
    { id: batchId },
  );

  expect(errors).toBeUndefined();
  const { findings, rejected, recordCounts } = data.stagedBatch;
  const byAnn = { version: 1, comment: 'As always.', decidedBy: { email: 'ann@test.example' } };
  expect(findings.edges[0].node).toMatchObject({
    ...{ decision: 'REJECTED', version: 2, editedValue: null, applied: false },
    decidedBy: { email: 'bob@test.example' },
    decisions: [
      { decision: 'ACCEPTED', value: null, decidedAt: expect.any(String), ...byAnn },
      { decision: 'REJECTED', version: 2, comment: null },
    ],
  });
  expect(findings.edges[1].node).toMatchObject({ decision: 'ACCEPTED', decisions: [byAnn] });
  expect(rejected.edges).toEqual([{ node: { rowIndex: 0 } }]);
  expect(recordCounts).toEqual([
    { status: 'NEEDS_REVIEW', count: 1 },
    { status: 'DECIDED', count: 2 },
  ]);
});

it('tells the later of two reviewers what changed', async () => {
  const findings = [{ rowIndex: 0, ordinal: 0, version: 0 }];
  await decide('bob', 'rejectFindings', { findings });

  const { errors } = await decide('ann', 'acceptFindings', { findings });

  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('is REJECTED since'),
    extensions: { code: 'CONFLICT', decision: 'REJECTED', decidedById: bobId, version: 1 },
  });
});

it('names the field and the rule that refuse a value', async () => {
  const { errors } = await decide('ann', 'acceptFindings', {
    findings: [{ rowIndex: 2, ordinal: 0, value: 'still none' }],
  });

  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(/^email: .*\(contact\.email\.syntax\)$/),
    extensions: {
      code: 'BAD_USER_INPUT',
      field: 'input.findings.0.value',
      entityField: 'email',
      ruleId: 'contact.email.syntax',
    },
  });
});

it('changes nothing in a dry run', async () => {
  const { data } = await decide('ann', 'acceptFindings', { filter: {}, dryRun: true });

  expect(data.acceptFindings).toMatchObject({
    ...{ decisionId: null, decidedCount: 2 },
    skipped: [{ reason: 'NO_SUGGESTED_VALUE', message: expect.any(String), count: 1 }],
  });
  expect((await decide('ann', 'acceptFindings', { filter: {} })).data.acceptFindings).toMatchObject(
    {
      decidedCount: 2,
    },
  );
});

it('shows the waiver that a finding is waived by, in later audits too', async () => {
  await decide('ann', 'waiveFindings', {
    filter: { field: 'email' },
    reason: 'They have none.',
    expiresAt: '2999-01-01T00:00:00Z',
  });
  const again = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: annId,
  });
  await testbed.untilResting(again.batch.id);

  for (const id of [batchId, again.batch.id]) {
    const { data } = await ask(
      'bob',
      `query ($id: ID!) {
        stagedBatch(id: $id) {
          findings { edges { node {
            field decision waiver { reason expiresAt createdBy { email } }
          } } }
        }
      }`,
      { id },
    );
    const nodes = data.stagedBatch.findings.edges.map((edge: { node: unknown }) => edge.node);
    expect(nodes).toEqual([
      { field: 'phone', decision: 'OPEN', waiver: null },
      { field: 'phone', decision: 'OPEN', waiver: null },
      {
        ...{ field: 'email', decision: 'WAIVED' },
        waiver: {
          reason: 'They have none.',
          expiresAt: '2999-01-01T00:00:00.000Z',
          createdBy: { email: 'ann@test.example' },
        },
      },
    ]);
  }
});

it('decides on imported records as wholes, and shows it', async () => {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: annId, title: 'Import', autoPromote: false },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport' },
    rows: ['Meier', 'Weber'].map((familyName) => ({
      entityType: 'contact',
      rawData: { familyName, email: `${familyName}@example.com` },
    })),
  });
  await testbed.untilResting(batch.id);
  const decideRecords = (input: object) =>
    ask(
      'ann',
      `mutation ($input: DecideRecordsInput!) {
        decideRecords(input: $input) { decidedCount skipped { reason } }
      }`,
      { input: { batchId: batch.id, ...input } },
    );

  const accepted = await decideRecords({
    records: [{ rowIndex: 0, version: 0 }],
    decision: 'ACCEPTED',
    comment: 'A customer.',
  });
  expect(accepted.data).toEqual({ decideRecords: { decidedCount: 1, skipped: [] } });
  const late = await decideRecords({
    records: [{ rowIndex: 0, version: 0 }],
    decision: 'REJECTED',
  });
  expect(late.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', decidedById: annId });

  const { data } = await ask(
    'bob',
    `query ($id: ID!) {
      stagedBatch(id: $id) {
        records {
          edges { node {
            status decision version baseVersion decidedBy { email }
            decisions { decision version comment }
          } }
        }
        recordCounts { status count }
      }
    }`,
    { id: batch.id },
  );
  expect(data.stagedBatch.records.edges).toEqual([
    {
      node: {
        ...{ status: 'DECIDED', decision: 'ACCEPTED', version: 1, baseVersion: null },
        decidedBy: { email: 'ann@test.example' },
        decisions: [{ decision: 'ACCEPTED', version: 1, comment: 'A customer.' }],
      },
    },
    {
      node: {
        ...{ status: 'NEEDS_REVIEW', decision: 'OPEN', version: 0, baseVersion: null },
        ...{ decidedBy: null, decisions: [] },
      },
    },
  ]);
  expect(data.stagedBatch.recordCounts).toEqual([
    { status: 'NEEDS_REVIEW', count: 1 },
    { status: 'DECIDED', count: 1 },
  ]);
});

describe('refuses', () => {
  const one = { rowIndex: 0, ordinal: 0 };

  it.each([
    ['neither a list nor a filter', 'acceptFindings', {}, 'input.findings'],
    ['both', 'acceptFindings', { findings: [one], filter: {} }, 'input.findings'],
    ['an empty list', 'acceptFindings', { findings: [] }, 'input.findings'],
    ['a finding named twice', 'acceptFindings', { findings: [one, one] }, 'input.findings'],
    [
      'a value with a rejection',
      'rejectFindings',
      { findings: [{ ...one, value: 'x' }] },
      'input.findings.0.value',
    ],
    ['a waiver without a reason', 'waiveFindings', { filter: {}, reason: ' ' }, 'input.reason'],
    [
      'a waiver that has ended',
      'waiveFindings',
      { filter: {}, reason: 'x', expiresAt: '2001-01-01T00:00:00Z' },
      'input.expiresAt',
    ],
    [
      'a comment that is too long',
      'reopenFindings',
      { filter: {}, comment: 'x'.repeat(2_001) },
      'input.comment',
    ],
  ])('%s', async (_what, name, input, field) => {
    const { errors } = await decide('ann', name, input);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});

describe('a reviewer’s queue', () => {
  const assign = (input: object) =>
    ask(
      'ann',
      'mutation ($input: AssignRecordsInput!) { assignRecords(input: $input) { assignedCount } }',
      { input: { batchId, ...input } },
    );

  async function queueOf(user: string, first = 50, after?: string) {
    const { data, errors } = await ask(
      user,
      `query ($id: ID!, $first: Int, $after: String) {
        workspace(id: $id) {
          myReviewQueue(first: $first, after: $after) {
            edges { node { rowIndex status batch { id } assignee { email } findings { ruleId } } }
            pageInfo { endCursor hasNextPage }
          }
        }
      }`,
      { id: workspaceId, first, after },
    );
    expect(errors).toBeUndefined();
    return data.workspace.myReviewQueue;
  }

  const rowsOf = (queue: { edges: { node: { rowIndex: number } }[] }) =>
    queue.edges.map(({ node }) => node.rowIndex);

  it('lists what is assigned to them and waits, page by page', async () => {
    await assign({ filter: { ruleId: 'contact.phone.format' }, assigneeId: bobId });
    await assign({ rows: [2], assigneeId: annId });

    const firstPage = await queueOf('bob', 1);
    expect(firstPage).toMatchObject({
      edges: [
        {
          node: {
            ...{ rowIndex: 0, status: 'NEEDS_REVIEW', batch: { id: batchId } },
            assignee: { email: 'bob@test.example' },
            findings: [{ ruleId: 'contact.phone.format' }],
          },
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    expect(rowsOf(await queueOf('bob', 1, firstPage.pageInfo.endCursor))).toEqual([1]);
    expect(rowsOf(await queueOf('ann'))).toEqual([2]);
  });

  it('drops what has been decided, and what waits for somebody else or nobody', async () => {
    await assign({ filter: {}, assigneeId: bobId });
    await decide('ann', 'rejectFindings', { findings: [{ rowIndex: 0, ordinal: 0 }] });
    expect(rowsOf(await queueOf('bob'))).toEqual([1, 2]);

    expect((await assign({ rows: [1], assigneeId: annId })).data).toEqual({
      assignRecords: { assignedCount: 1 },
    });
    expect((await assign({ rows: [2] })).data).toEqual({ assignRecords: { assignedCount: 1 } });

    expect(rowsOf(await queueOf('bob'))).toEqual([]);
  });

  it('takes members only, and records that are there', async () => {
    const stranger = await testbed.userId('stranger');
    const toStranger = await assign({ filter: {}, assigneeId: stranger });
    expect(toStranger.errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'input.assigneeId' },
    });
    const missing = await assign({ rows: [0, 99], assigneeId: bobId });
    expect(missing.errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'input.rows.1' },
    });
  });
});

it('lets an admin demand four eyes, and nobody else', async () => {
  const update = (user: string, input: object) =>
    ask(
      user,
      'mutation ($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { fourEyes } }',
      { input: { workspaceId, ...input } },
    );

  expect((await update('bob', { fourEyes: true })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await update('ann', {})).data).toEqual({ updateWorkspace: { fourEyes: false } });
  const refused = await update('ann', { fourEyes: true, retentionDays: 0 });
  expect(refused.errors?.[0]?.extensions).toMatchObject({ field: 'input.retentionDays' });
  expect((await update('ann', {})).data).toEqual({ updateWorkspace: { fourEyes: false } });
  expect((await update('ann', { fourEyes: true })).data).toEqual({
    updateWorkspace: { fourEyes: true },
  });
});
