import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let reviewerId: string;
let workspaceId: string;
let survivorId: string;
let loserId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  await testbed.startWorker();
  reviewerId = await testbed.userId('reviewer');
});
afterAll(() => testbed.close());

/** Two duplicates that have been merged by a promotion. */
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: reviewerId, defaultCountry: 'US' });
  const twin = { familyName: 'Meier', email: 'meier@example.com' };
  survivorId = await testbed.createEntity(workspaceId, 'contact', twin);
  loserId = await testbed.createEntity(workspaceId, 'contact', { ...twin, givenName: 'Ada' });
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: reviewerId,
  });
  batchId = batch.id;
  await testbed.untilResting(batchId);
  await mutate(
    `mutation ($input: MergeDuplicatesInput!) { mergeDuplicates(input: $input) { decidedCount } }`,
    {
      ...{ batchId, survivorId, loserIds: [loserId] },
      fieldFrom: [{ field: 'givenName', entityId: loserId }],
    },
  );
  await mutate(
    `mutation ($input: PromoteStagedBatchInput!) { promoteStagedBatch(input: $input) { runId } }`,
    { batchId },
  );
  await testbed.untilResting(batchId);
});

async function mutate(document: string, input: object) {
  const { data, errors } = await ask('reviewer', document, { input });
  expect(errors).toBeUndefined();
  return data;
}

const REVERT = /* GraphQL */ `
  mutation ($input: RevertPromotionInput!) {
    revertPromotion(input: $input) {
      batch { id status }
      runId
      counts { reversed kept errored }
      notReversed { outcome reason change { entityId kind } }
    }
  }
`;

it('resolves the ids of merged entities', async () => {
  const { data } = await ask(
    'reviewer',
    `query ($survivor: ID!, $loser: ID!) {
      loser: contact(id: $loser) { state mergedInto { id givenName } mergedIds }
      survivor: contact(id: $survivor) { state mergedInto { id } mergedIds }
    }`,
    { survivor: survivorId, loser: loserId },
  );
  expect(data).toEqual({
    loser: { state: 'MERGED', mergedInto: { id: survivorId, givenName: 'Ada' }, mergedIds: [] },
    survivor: { state: 'ACTIVE', mergedInto: null, mergedIds: [loserId] },
  });
});

const HISTORY = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String) {
    contact(id: $id) {
      changes(first: $first, after: $after) {
        edges {
          node {
            kind version before after reverted rowIndex createdAt
            actor { email } batch { id } entity { id }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

it('shows the history of an entity page by page, newest first', async () => {
  await mutate(REVERT, { batchId });
  await testbed.untilResting(batchId);

  const { data } = await ask('reviewer', HISTORY, { id: survivorId, first: 1 });
  const page = data.contact.changes;
  const next = await ask('reviewer', HISTORY, {
    ...{ id: survivorId, first: 1 },
    after: page.pageInfo.endCursor,
  });

  const common = {
    rowIndex: 0,
    createdAt: expect.any(String),
    actor: { email: 'reviewer@test.example' },
    batch: { id: batchId },
    entity: { id: survivorId },
  };
  expect([...page.edges, ...next.data.contact.changes.edges]).toEqual([
    {
      node: {
        ...common,
        kind: 'REVERTED',
        version: 3,
        before: { givenName: 'Ada' },
        after: { givenName: null },
        reverted: false,
      },
    },
    {
      node: {
        ...common,
        kind: 'UPDATED',
        version: 2,
        before: { givenName: null },
        after: { givenName: 'Ada' },
        reverted: true,
      },
    },
  ]);
  expect(next.data.contact.changes.pageInfo.hasNextPage).toBe(false);
});

it('lists what a reversal did, and what stood in its way', async () => {
  await testbed.runtime.pool.query('UPDATE third_party SET phone = $2 WHERE id = $1', [
    loserId,
    '+13125550142',
  ]);
  const dry = await mutate(REVERT, { batchId, dryRun: true });
  expect(dry.revertPromotion).toMatchObject({
    runId: null,
    counts: { reversed: 1, kept: 1, errored: 0 },
    notReversed: [
      {
        outcome: 'KEPT',
        reason: 'Changed outside the review center since.',
        change: { entityId: loserId, kind: 'MERGED' },
      },
    ],
  });
  const { revertPromotion } = await mutate(REVERT, { batchId });
  expect(revertPromotion).toMatchObject({
    batch: { id: batchId, status: 'REVERTING' },
    counts: null,
  });
  await testbed.untilResting(batchId);

  const { data } = await ask(
    'reviewer',
    `query ($id: ID!) {
      stagedBatch(id: $id) {
        status
        runs {
          id kind actor { email } finishedAt counts { reversed kept errored }
          reversed: reversals(outcome: REVERSED) { edges { node { reason change { entityId } } } }
          kept: reversals(outcome: KEPT, first: 1) {
            edges { node { reason change { entityId kind } blockedBy { id } } }
          }
        }
      }
    }`,
    { id: batchId },
  );
  expect(data.stagedBatch.runs).toMatchObject([
    {
      id: revertPromotion.runId,
      kind: 'REVERSAL',
      actor: { email: 'reviewer@test.example' },
      finishedAt: expect.any(String),
      counts: { reversed: 1, kept: 1, errored: 0 },
      reversed: { edges: [{ node: { reason: null, change: { entityId: survivorId } } }] },
      kept: {
        edges: [
          {
            node: {
              reason: 'Changed outside the review center since.',
              change: { entityId: loserId, kind: 'MERGED' },
              blockedBy: null,
            },
          },
        ],
      },
    },
    { kind: 'PROMOTION' },
  ]);
});

it.each(['revertPromotion', 'promoteStagedBatch'])(
  '%s refuses records that there are not',
  async (mutation) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    for (const dryRun of [true, false]) {
      const { errors } = await ask(
        'reviewer',
        `mutation ($input: ${type}) { ${mutation}(input: $input) { runId } }`,
        { input: { batchId, rowIndexes: [0, 2], dryRun } },
      );
      expect(errors).toMatchObject([
        {
          message: 'The batch has no record 2.',
          extensions: { code: 'BAD_USER_INPUT', field: 'input.rowIndexes.1' },
        },
      ]);
    }
  },
);
