import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { acceptFindings } from '../support/acceptedFindings.ts';
import { setFields } from '../support/changes.ts';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let reviewerId: string;
let batchId: string;
let contactId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  await testbed.startWorker();
  reviewerId = await testbed.userId('reviewer');
});
beforeEach(async () => {
  const workspaceId = await testbed.createWorkspace({
    createdBy: reviewerId,
    defaultCountry: 'US',
  });
  contactId = await testbed.createEntity(workspaceId, 'contact', {
    familyName: 'Okafor',
    phone: '(312) 555-0142',
  });
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: reviewerId,
  });
  batchId = batch.id;
  await testbed.untilResting(batchId);
  await acceptFindings(testbed, { batchId, decidedBy: reviewerId });
});
afterAll(() => testbed.close());

const PROMOTE = /* GraphQL */ `
  mutation ($batchId: ID!, $dryRun: Boolean) {
    promoteStagedBatch(input: { batchId: $batchId, dryRun: $dryRun }) {
      runId
      batch { status }
      counts { applied unchanged conflicts failed skippedFourEyes }
    }
  }
`;

const RUNS = /* GraphQL */ `
  query ($batchId: ID!) {
    stagedBatch(id: $batchId) {
      runs { id kind finishedAt actor { email } counts { applied conflicts reversed } }
      records { edges { node { status findings { currentValue presentValue suggestedValue } } } }
    }
  }
`;

it('promotes, and lists the run with what became of how many', async () => {
  const { data } = await ask('reviewer', PROMOTE, { batchId });
  expect(data.promoteStagedBatch).toMatchObject({
    runId: expect.any(String),
    batch: { status: 'PROMOTING' },
  });
  expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'COMPLETED' });

  const answer = await ask('reviewer', RUNS, { batchId });

  expect(answer.errors).toBeUndefined();
  expect(answer.data.stagedBatch.runs).toEqual([
    {
      id: data.promoteStagedBatch.runId,
      kind: 'PROMOTION',
      finishedAt: expect.any(String),
      actor: { email: 'reviewer@test.example' },
      counts: { applied: 1, conflicts: 0, reversed: 0 },
    },
  ]);
});

it('says as a dry run what would happen', async () => {
  const { data } = await ask('reviewer', PROMOTE, { batchId, dryRun: true });

  expect(data.promoteStagedBatch).toEqual({
    runId: null,
    batch: { status: 'READY_FOR_REVIEW' },
    counts: { applied: 1, unchanged: 0, conflicts: 0, failed: 0, skippedFourEyes: 0 },
  });
});

it('shows both values of a conflict, and resolves it', async () => {
  await setFields(testbed.runtime.pool, 'contact', contactId, { phone: '312 555 0199' });
  await ask('reviewer', PROMOTE, { batchId });
  await testbed.untilResting(batchId);

  const { data } = await ask('reviewer', RUNS, { batchId });
  expect(data.stagedBatch.records.edges).toEqual([
    {
      node: {
        status: 'CONFLICT',
        findings: [
          {
            currentValue: '(312) 555-0142',
            presentValue: '312 555 0199',
            suggestedValue: '+13125550142',
          },
        ],
      },
    },
  ]);

  const resolved = await ask(
    'reviewer',
    `mutation ($batchId: ID!) {
      resolveConflict(input: { batchId: $batchId, rowIndex: 0, resolution: OURS, entityVersion: 2 }) {
        status statusReason
      }
    }`,
    { batchId },
  );
  expect(resolved).toEqual({
    data: { resolveConflict: { status: 'DECIDED', statusReason: null } },
  });
});

it('tells strangers nothing', async () => {
  const { errors } = await ask('stranger', PROMOTE, { batchId });
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});
