import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let batchId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
});
beforeEach(async () => {
  vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValue();
  const workspaceId = await testbed.createWorkspace();
  const roles = { editor: 'EDITOR', 'other-editor': 'EDITOR', reviewer: 'REVIEWER' } as const;
  for (const [name, role] of Object.entries(roles)) {
    await testbed.addMember(workspaceId, await testbed.userId(name), role);
  }
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor' });
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: await testbed.userId('editor'),
  });
  batchId = batch.id;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => testbed.close());

const cancel = (user: string) =>
  ask(user, 'mutation ($id: ID!) { cancelStagedBatch(input: { batchId: $id }) { id status } }', {
    id: batchId,
  });
const retry = (user: string) =>
  ask(user, 'mutation ($id: ID!) { retryStagedBatch(input: { batchId: $id }) { id status } }', {
    id: batchId,
  });

describe('cancelStagedBatch', () => {
  it.each([
    ['an editor, of their own batch', 'editor'],
    ['a reviewer, of any batch', 'reviewer'],
  ])('is for %s', async (_who, user) => {
    expect(await cancel(user)).toEqual({
      data: { cancelStagedBatch: { id: batchId, status: 'CANCELLED' } },
    });
  });

  it('is not for an editor, of the batch of another', async () => {
    expect((await cancel('other-editor')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('says what stands in its way', async () => {
    await cancel('reviewer');

    expect((await cancel('reviewer')).errors).toMatchObject([
      {
        message: expect.stringContaining('is CANCELLED'),
        extensions: { code: 'CONFLICT', status: 'CANCELLED' },
      },
    ]);
  });
});

describe('retryStagedBatch', () => {
  beforeEach(() => testbed.runtime.processing.giveUp({ batchId, attempt: 1 }, 'A test says so.'));

  it('is for a reviewer', async () => {
    expect(await retry('reviewer')).toEqual({
      data: { retryStagedBatch: { id: batchId, status: 'PROCESSING' } },
    });
  });

  it('is not for an editor, of their own batch either', async () => {
    expect((await retry('editor')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
