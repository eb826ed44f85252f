import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PUBLIC_IMPORT_PROFILES } from '../../../../../src/domains/identity/profiles/registry.ts';
import { decideRecords } from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let actorId: string;
let workspaceId: string;
let ids: readonly string[];

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
  ids = await Promise.all(
    ['A', 'B'].map((familyName) => testbed.createEntity(workspaceId, 'contact', { familyName })),
  );
});
afterAll(() => testbed.close());

function archive(entityIds: readonly string[], title: string | null = null) {
  return testbed.runtime.archive.archiveEntities({
    workspaceId,
    entityType: 'contact',
    entityIds,
    createdBy: actorId,
    title,
  });
}

async function accept(batchId: string): Promise<void> {
  await decideRecords(testbed.runtime.pool, {
    batchId,
    actorId,
    decision: 'ACCEPTED',
    selection: { filter: {} },
    comment: null,
  });
}

async function promote(batchId: string): Promise<void> {
  await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId });
  await testbed.untilResting(batchId);
}

async function statesOf(): Promise<unknown[]> {
  const states = ids.map((id) => readFields(testbed.runtime.pool, 'contact', id, ['state']));
  return (await Promise.all(states)).map(({ state }) => state);
}

it('sends the archival of entities through review, and changes nothing before', async () => {
  const { batch, recordCount } = await archive([...ids, ...ids]);

  expect(recordCount).toBe(2);
  expect(await testbed.untilResting(batch.id)).toMatchObject({
    status: 'READY_FOR_REVIEW',
    profile: 'entityArchive',
    sourceType: 'API_IMPORT',
    title: expect.stringMatching(/^Archive — \d{4}-\d\d-\d\d$/),
    processedCount: 2,
  });
  expect(await statesOf()).toEqual(['ACTIVE', 'ACTIVE']);
});

it('archives what is accepted with the promotion, and brings it back with the reversal', async () => {
  const { batch } = await archive(ids, 'Gone customers');
  expect(batch.title).toBe('Gone customers');
  await testbed.untilResting(batch.id);
  await accept(batch.id);

  await promote(batch.id);
  expect(await statesOf()).toEqual(['ARCHIVED', 'ARCHIVED']);
  expect((await testbed.untilResting(batch.id)).status).toBe('COMPLETED');

  await testbed.runtime.reversal.revertPromotion({ batchId: batch.id, actorId });
  expect((await testbed.untilResting(batch.id)).status).toBe('COMPLETED');
  expect(await statesOf()).toEqual(['ACTIVE', 'ACTIVE']);
});

it('leaves an entity alone that was changed after it was asked for', async () => {
  const { batch } = await archive(ids);
  await testbed.untilResting(batch.id);
  await accept(batch.id);
  await setFields(testbed.runtime.pool, 'contact', ids[0] ?? '', { familyName: 'Meier' });

  await promote(batch.id);

  expect(await statesOf()).toEqual(['ACTIVE', 'ARCHIVED']);
});

it.each<[string, () => readonly string[] | Promise<readonly string[]>, string]>([
  ['no entities', () => [], 'BAD_USER_INPUT'],
  ['an id of nothing', () => [...ids, '019ab000-0000-7000-8000-000000000001'], 'NOT_FOUND'],
  ['what is no id', () => ['nothing'], 'NOT_FOUND'],
  [
    'an entity of another workspace',
    async () => [
      await testbed.createEntity(await testbed.createWorkspace(), 'contact', { familyName: 'X' }),
    ],
    'NOT_FOUND',
  ],
  [
    'what is archived already',
    async () => [
      await testbed.createEntity(workspaceId, 'contact', { familyName: 'X', state: 'ARCHIVED' }),
    ],
    'CONFLICT',
  ],
])('refuses %s, and stages nothing', async (_what, given, code) => {
  await expect(archive(await given())).rejects.toMatchObject({ code });

  const { rows } = await testbed.runtime.pool.query(
    'SELECT FROM staged_batch WHERE workspace_id = $1',
    [workspaceId],
  );
  expect(rows).toEqual([]);
});

it('can be asked for in no other way: its profile takes no imports', () => {
  expect(PUBLIC_IMPORT_PROFILES).not.toContain('entityArchive');
});
