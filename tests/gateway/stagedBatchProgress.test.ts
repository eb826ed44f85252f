import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createIdentityServer } from '../../src/domains/identity/identityServer.ts';
import { resolveUserId } from '../../src/domains/identity/services/userService.ts';
import { removeMember } from '../../src/domains/identity/services/workspaceService.ts';
import { composeSupergraph } from '../../src/gateway/composeSupergraph.ts';
import { startGateway } from '../../src/gateway/startGateway.ts';
import {
  DEVELOPMENT_ISSUER,
  signDevelopmentToken,
} from '../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../src/platform/config.ts';
import {
  createIdentityTestbed,
  type IdentityTestbed,
} from '../domains/identity/support/identityTestbed.ts';
import { createTestLogger } from '../platform/testLogger.ts';
import { readEvents } from '../support/eventStream.ts';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';

/** The real identity subgraph behind the real gateway; a test moves its batch by hand. */
let testbed: IdentityTestbed;
let gatewayUrl: string;
let token: (user: string) => Promise<string>;
let workspaceId: string;
let viewerId: string;
let batchId: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  const folder = await createTemporaryFolder('progress');
  const config = readConfig({ DATA_DIR: folder });
  const { logger } = createTestLogger();
  const identity = createIdentityServer({ config, logger, runtime: testbed.runtime, port: 0 });
  const { url } = await identity.start();
  const configFile = join(folder, 'supergraph.yaml');
  const sdl = resolve('src/domains/identity/schema.graphql');
  await writeFile(
    configFile,
    `federation_version: =2.9.3\nsubgraphs:\n  identity:\n    routing_url: ${url}/graphql\n    schema: { file: ${sdl} }\n`,
  );
  const supergraph = await composeSupergraph(configFile, {});
  const gateway = await startGateway({ supergraph, config, port: 0, logger });
  gatewayUrl = gateway.url;
  stops.push(gateway.stop, identity.stop, testbed.close);
  token = (user) => signDevelopmentToken(config, `${user}@test.example`);
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

beforeEach(async () => {
  viewerId = await resolveUserId(testbed.runtime.pool, {
    issuer: DEVELOPMENT_ISSUER,
    subject: 'viewer@test.example',
    email: 'viewer@test.example',
    emailVerified: true,
    name: null,
  });
  workspaceId = await testbed.createWorkspace();
  await testbed.addMember(workspaceId, viewerId, 'VIEWER');
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor', email: 'nowhere' });
  vi.spyOn(testbed.runtime.queue, 'schedule').mockResolvedValue();
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: viewerId,
  });
  batchId = batch.id;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function subscribe(
  user: string | null,
  { id = batchId, signal }: { readonly id?: string; readonly signal?: AbortSignal } = {},
) {
  const headers = new Headers({
    'content-type': 'application/json',
    accept: 'text/event-stream',
    ...(user === null ? {} : { authorization: `Bearer ${await token(user)}` }),
  });
  const query = `subscription ($id: ID!) {
    stagedBatchProgress(batchId: $id) {
      status progress { done total } recordCounts { status count } workspace { id }
    }
  }`;
  const response = await fetch(`${gatewayUrl}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { id } }),
    ...(signal === undefined ? {} : { signal }),
  });
  return readEvents(response);
}

const set = (columns: string) =>
  testbed.runtime.pool.query(`UPDATE staged_batch SET ${columns} WHERE id = $1`, [batchId]);

const state = (status: string, done: number) => ({
  value: { data: { stagedBatchProgress: { status, progress: { done, total: 1 } } } },
});

const pushedSchema = z.object({
  data: z.object({
    stagedBatchProgress: z.looseObject({ progress: z.looseObject({ done: z.number() }) }),
  }),
});

/** A look may have come between the claim of a step and its end. */
async function nextThatIsDone(events: AsyncIterator<unknown>) {
  for (;;) {
    const { value } = await events.next();
    const { stagedBatchProgress } = pushedSchema.parse(value).data;
    if (stagedBatchProgress.progress.done > 0) return stagedBatchProgress;
  }
}

it('pushes the batch as it is and as it becomes, until it rests', async () => {
  const events = await subscribe('viewer');

  expect(await events.next()).toMatchObject(state('QUEUED', 0));
  const job = { batchId, attempt: 1 };
  await testbed.runtime.processing.runStep(job, { kind: 'PROCESS_RANGE', stepIndex: 0 });
  expect(await nextThatIsDone(events)).toEqual({
    status: 'PROCESSING',
    progress: { done: 1, total: 1 },
    recordCounts: [{ status: 'NEEDS_REVIEW', count: 1 }],
    workspace: { id: workspaceId },
  });
  await set(`status = 'READY_FOR_REVIEW'`);
  expect(await events.next()).toMatchObject(state('READY_FOR_REVIEW', 1));
  expect(await events.next()).toMatchObject({ done: true });
});

it.each(['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'])(
  'says once how a batch is that rests: %s',
  async (status) => {
    await set(`status = '${status}'`);

    expect(await Array.fromAsync(await subscribe('viewer'))).toMatchObject([
      state(status, 0).value,
    ]);
  },
);

it('tells everybody who has subscribed, also twice', async () => {
  const all = await Promise.all([subscribe('viewer'), subscribe('viewer'), subscribe('viewer')]);
  for (const events of all) expect(await events.next()).toMatchObject(state('QUEUED', 0));

  await set(`status = 'CANCELLED'`);

  for (const events of all) {
    expect(await Array.fromAsync(events)).toMatchObject([state('CANCELLED', 0).value]);
  }
});

it.each([
  ['nobody', null, 'UNAUTHENTICATED'],
  ['a stranger', 'stranger', 'NOT_FOUND'],
])('refuses %s', async (_who, user, code) => {
  expect(await Array.fromAsync(await subscribe(user))).toMatchObject([
    { errors: [{ extensions: { code } }] },
  ]);
});

it('refuses a stranger as it refuses everybody a batch that is not there', async () => {
  const ofNothing = await subscribe('stranger', { id: '019ab000-0000-7000-8000-000000000001' });

  expect(await Array.fromAsync(await subscribe('stranger'))).toEqual(
    await Array.fromAsync(ofNothing),
  );
});

it('tells nothing more to who is no member any more', async () => {
  const events = await subscribe('viewer');
  await events.next();

  await removeMember(testbed.runtime.pool, { workspaceId, userId: viewerId });

  expect(await Array.fromAsync(events)).toMatchObject([
    { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  ]);
});

it('ends when the token expires', async () => {
  const events = await subscribe('viewer');
  await events.next();

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });

  expect(await Array.fromAsync(events)).toMatchObject([
    { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  ]);
});

it('stops looking when the client has left', async () => {
  const watch = vi.spyOn(testbed.runtime.batchWatch, 'watch');
  const leaving = new AbortController();
  const events = await subscribe('viewer', { signal: leaving.signal });
  await events.next();
  const watched = watch.mock.results[0]?.value;

  leaving.abort();
  await events.next().catch(() => {});

  // Of a watch that nobody has left, the next state is not there yet.
  await expect
    .poll(() => Promise.race([watched.next(), Promise.resolve('waits')]))
    .toEqual({ done: true, value: undefined });
});
