import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { removeMember } from '../../../../../src/domains/identity/services/workspaceService.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let createdBy: string;
let workspaceId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  createdBy = await testbed.createUser('editor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
  await testbed.addMember(workspaceId, createdBy, 'EDITOR');
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor', email: 'nowhere' });
  vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValue();
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });
  batchId = batch.id;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => testbed.close());

const until = new Date('2999-01-01');
const watch = () => testbed.runtime.batchWatch.watch(batchId, { userId: createdBy, until });
const set = (columns: string) =>
  testbed.runtime.pool.query(`UPDATE staged_batch SET ${columns} WHERE id = $1`, [batchId]);

it('tells the present state, each change, and ends when the batch rests', async () => {
  const states = watch();

  expect(await states.next()).toMatchObject({ value: { status: 'QUEUED', done: 0, total: 1 } });
  await set(`status = 'PROCESSING', processed_count = 1`);
  expect(await states.next()).toMatchObject({ value: { status: 'PROCESSING', done: 1, total: 1 } });
  await set(`status = 'READY_FOR_REVIEW'`);
  expect(await states.next()).toMatchObject({ value: { status: 'READY_FOR_REVIEW' } });
  expect(await states.next()).toMatchObject({ done: true });
});

it('counts the parts of a promotion, once there is one', async () => {
  await testbed.runtime.pool.query(
    `INSERT INTO staged_batch_step (batch_id, kind, step_index, first_row, end_row, done_at)
     SELECT $1, 'PROMOTE_RANGE', i, i, i + 1, CASE i WHEN 0 THEN now() END
     FROM generate_series(0, 3) AS i`,
    [batchId],
  );
  await set(`status = 'PROMOTING'`);
  const states = watch();

  expect(await states.next()).toMatchObject({ value: { status: 'PROMOTING', done: 1, total: 4 } });
  await states.return?.();
});

it('says nothing of a batch where nothing has changed', async () => {
  const states = watch();
  await states.next();
  const next = states.next();

  await set(`title = 'Another title', heartbeat_at = now(), updated_at = now()`);
  await set(`status = 'CANCELLED'`);

  expect(await next).toMatchObject({ value: { status: 'CANCELLED' } });
});

it('ends when its watcher has left the workspace, also where nothing moves', async () => {
  const states = watch();
  await states.next();

  await removeMember(testbed.runtime.pool, { workspaceId, userId: createdBy });

  expect(await states.next()).toMatchObject({ value: { status: 'QUEUED' } });
  expect(await states.next()).toMatchObject({ done: true });
});

it('ends when the time of its watcher is over, also where nothing moves', async () => {
  const states = watch();
  await states.next();

  vi.useFakeTimers({ toFake: ['Date'], now: until });

  expect(await states.next()).toMatchObject({ value: { status: 'QUEUED' } });
  expect(await states.next()).toMatchObject({ done: true });
});

it('asks the database once for all who watch, and not at all when nobody does', async () => {
  const query = vi.spyOn(testbed.runtime.pool, 'query');
  const watching = Array.from({ length: 200 }, () => watch());
  await Promise.all(watching.map((states) => states.next()));
  // Who comes while a look is under way is told by the next one.
  expect(query.mock.calls.length).toBeLessThanOrEqual(2);

  await Promise.all(watching.map((states) => states.return?.()));
  query.mockClear();
  const states = watch();
  await states.next();
  expect(query.mock.calls.length).toBeLessThanOrEqual(2);
  await states.return?.();
});

it('goes on when the database is back', async () => {
  vi.spyOn(testbed.runtime.pool, 'query').mockImplementationOnce(() => {
    throw new Error('Connection terminated');
  });

  const states = watch();

  expect(await states.next()).toMatchObject({ value: { status: 'QUEUED' } });
  await states.return?.();
});
