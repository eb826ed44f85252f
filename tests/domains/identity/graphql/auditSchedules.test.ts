import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: await testbed.userId('admin') });
  await testbed.addMember(workspaceId, await testbed.userId('other-admin'), 'ADMIN');
});
afterAll(() => testbed.close());

const FIELDS = `id title mode cron timeZone owner { email } pausedAt pauseReason nextRunAt lastRunAt
  lastProblem lastBatch { id }`;

const create = (input: object, user = 'admin') =>
  ask(
    user,
    `mutation ($input: CreateAuditScheduleInput!) { createAuditSchedule(input: $input) { ${FIELDS} } }`,
    { input: { workspaceId, cron: '30 2 * * *', ...input } },
  );

async function createId(): Promise<string> {
  const { data } = await create({});
  return data?.createAuditSchedule.id;
}

const update = (input: object, user = 'admin') =>
  ask(
    user,
    `mutation ($input: UpdateAuditScheduleInput!) { updateAuditSchedule(input: $input) { ${FIELDS} } }`,
    { input },
  );

it('creates a schedule, whose owner is who creates it', async () => {
  expect(
    await create({ timeZone: 'Europe/Berlin', mode: 'INCREMENTAL', title: ' Nightly ' }),
  ).toEqual({
    data: {
      createAuditSchedule: {
        ...{ id: expect.any(String), title: 'Nightly', mode: 'INCREMENTAL', cron: '30 2 * * *' },
        ...{ timeZone: 'Europe/Berlin', owner: { email: 'admin@test.example' } },
        ...{ pausedAt: null, pauseReason: null, nextRunAt: expect.stringContaining(':30:00') },
        ...{ lastRunAt: null, lastProblem: null, lastBatch: null },
      },
    },
  });
});

it('is FULL and in UTC by default', async () => {
  const { data } = await create({});
  expect(data?.createAuditSchedule).toMatchObject({ mode: 'FULL', timeZone: 'UTC', title: null });
});

it.each([
  ['cron', { cron: 'every night' }],
  ['cron', { cron: '* * * * *' }],
  ['timeZone', { timeZone: 'Berlin' }],
  ['title', { title: ' ' }],
])('says that %s is wrong', async (field, input) => {
  const refusal = { extensions: { code: 'BAD_USER_INPUT', field: `input.${field}` } };
  expect((await create(input)).errors).toMatchObject([refusal]);
  expect((await update({ scheduleId: await createId(), ...input })).errors).toMatchObject([
    refusal,
  ]);
});

it('changes what is given, and leaves the rest', async () => {
  const id = (await create({ title: 'Nightly', mode: 'INCREMENTAL' })).data?.createAuditSchedule.id;

  const { data } = await update({ scheduleId: id, cron: '0 6 * * *', title: null }, 'other-admin');

  expect(data?.updateAuditSchedule).toMatchObject({
    ...{ id, title: null, mode: 'INCREMENTAL', cron: '0 6 * * *' },
    nextRunAt: expect.stringContaining('T06:00:00'),
    owner: { email: 'admin@test.example' },
  });
});

it('pauses, and is owned by who resumes it', async () => {
  const scheduleId = await createId();

  const paused = await update({ scheduleId, paused: true });
  expect(paused.data?.updateAuditSchedule).toMatchObject({
    ...{ pausedAt: expect.any(String), pauseReason: null, nextRunAt: null },
  });

  const resumed = await update({ scheduleId, paused: false }, 'other-admin');
  expect(resumed.data?.updateAuditSchedule).toMatchObject({
    ...{ pausedAt: null, nextRunAt: expect.any(String) },
    owner: { email: 'other-admin@test.example' },
  });
});

it('is listed with its workspace until it is deleted', async () => {
  const scheduleId = await createId();
  const list = () =>
    ask('admin', 'query ($id: ID!) { workspace(id: $id) { auditSchedules { id } } }', {
      id: workspaceId,
    });
  expect(await list()).toEqual({ data: { workspace: { auditSchedules: [{ id: scheduleId }] } } });

  const deleted = await ask(
    'admin',
    'mutation ($id: ID!) { deleteAuditSchedule(input: { scheduleId: $id }) { id auditSchedules { id } } }',
    { id: scheduleId },
  );

  expect(deleted).toEqual({
    data: { deleteAuditSchedule: { id: workspaceId, auditSchedules: [] } },
  });
  expect(await list()).toEqual({ data: { workspace: { auditSchedules: [] } } });
  expect((await update({ scheduleId, paused: true })).errors).toMatchObject([
    { extensions: { code: 'NOT_FOUND' } },
  ]);
});

it('leads from an audit to its schedule, and back', async () => {
  const scheduleId = await createId();
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
  await testbed.runtime.scheduleRunner.runSchedule(scheduleId, new Date('2100-01-01'));

  const { data } = await ask(
    'admin',
    'query ($id: ID!) { workspace(id: $id) { auditSchedules { lastBatch { schedule { id } createdBy { email } } } } }',
    { id: workspaceId },
  );

  expect(data?.workspace.auditSchedules).toEqual([
    { lastBatch: { schedule: { id: scheduleId }, createdBy: { email: 'admin@test.example' } } },
  ]);
});

describe('an archived workspace', () => {
  const archive = () =>
    ask(
      'admin',
      'mutation ($id: ID!) { archiveWorkspace(input: { workspaceId: $id }) { id archivedAt auditSchedules { id } } }',
      { id: workspaceId },
    );
  const audit = () =>
    ask(
      'admin',
      'mutation ($id: ID!) { triggerDataAudit(input: { workspaceId: $id }) { batchId } }',
      { id: workspaceId },
    );
  const slugs = async (argument = '') =>
    (await ask('admin', `{ workspaces${argument} { id } }`, {})).data?.workspaces.map(
      ({ id }: { readonly id: string }) => id,
    );

  it('has no schedules, and nothing is done in it', async () => {
    await createId();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });

    expect(await archive()).toEqual({
      data: {
        archiveWorkspace: { id: workspaceId, archivedAt: expect.any(String), auditSchedules: [] },
      },
    });

    const archived = [
      { extensions: { code: 'CONFLICT' }, message: expect.stringContaining('is archived') },
    ];
    expect((await audit()).errors).toMatchObject(archived);
    expect((await create({})).errors).toMatchObject(archived);
  });

  it('can still be read, and is listed only when asked for', async () => {
    await archive();

    expect(
      await ask('admin', 'query ($id: ID!) { workspace(id: $id) { id } }', { id: workspaceId }),
    ).toEqual({ data: { workspace: { id: workspaceId } } });
    expect(await slugs()).not.toContain(workspaceId);
    expect(await slugs('(includeArchived: true)')).toContain(workspaceId);
  });

  it('can be restored', async () => {
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    await archive();

    const { data } = await ask(
      'admin',
      'mutation ($id: ID!) { restoreWorkspace(input: { workspaceId: $id }) { archivedAt } }',
      { id: workspaceId },
    );

    expect(data?.restoreWorkspace).toEqual({ archivedAt: null });
    expect(await audit()).toMatchObject({ data: { triggerDataAudit: {} } });
  });

  it('has no work under way in it: what is has to end first', async () => {
    await createId();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    const { batchId } = (await audit()).data?.triggerDataAudit ?? {};

    expect((await archive()).errors).toMatchObject([
      {
        extensions: { code: 'CONFLICT' },
        message: expect.stringContaining(`${batchId} is QUEUED`),
      },
    ]);

    await testbed.runtime.lifecycle.cancelStagedBatch(batchId);
    expect((await archive()).errors).toBeUndefined();
  });
});
