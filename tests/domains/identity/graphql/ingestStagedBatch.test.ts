import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  workspaceId = await testbed.createWorkspace({ createdBy: await testbed.userId('admin') });
  await testbed.addMember(workspaceId, await testbed.userId('editor'), 'EDITOR');
});
afterAll(() => testbed.close());

const ingest = (user: string, input: object) =>
  testbed.ask(
    user,
    `mutation ($input: IngestStagedBatchInput!) {
       ingestStagedBatch(input: $input) { batchId recordCount status repeated }
     }`,
    { input: { workspaceId, profile: 'contactImport', rows: [{ givenName: 'Ada' }], ...input } },
  );

it('stages rows once for a key, and says so', async () => {
  const first = await ingest('editor', { idempotencyKey: 'k' });
  const again = await ingest('editor', {
    idempotencyKey: 'k',
    workspaceId: workspaceId.toUpperCase(),
  });

  expect(first.data?.ingestStagedBatch).toMatchObject({ recordCount: 1, repeated: false });
  expect(again.data?.ingestStagedBatch).toEqual({
    ...first.data?.ingestStagedBatch,
    repeated: true,
  });
});

it('names the batch that has the key of other rows', async () => {
  const { data } = await ingest('editor', { idempotencyKey: 'other' });
  const { errors } = await ingest('editor', { idempotencyKey: 'other', rows: [{ email: 'x' }] });

  expect(errors?.[0]?.extensions).toMatchObject({
    ...{ code: 'CONFLICT', batchId: data?.ingestStagedBatch.batchId },
  });
});

it('takes the right to review to promote at once', async () => {
  const { errors } = await ingest('editor', { autoPromote: true });
  const { data } = await ingest('admin', { autoPromote: true });

  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(data?.ingestStagedBatch).toMatchObject({ recordCount: 1 });
});
