import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { waitFor } from '../support/waitFor.ts';
import { type Answer, type Supergraph, startSupergraph } from './supergraph.ts';

const ADMIN = 'admin@demo.example';
const WORKSPACE = ['--workspace', 'memory'];

/** Of four people, one has a phone number in another form, and one an email address that is none. */
const PEOPLE = `externalId,givenName,familyName,email,phone
1,Ada,Okafor,ada.okafor@example.com,(312) 555-0142
2,Ben,Ngata,no address,
3,Cleo,Vrba,cleo@example.com,
4,Dan,Ek,dan@example.com,
`;

let supergraph: Supergraph;
let folder: string;
let workspaceId: string;
/** By external id. */
let ids: ReadonlyMap<string, string>;
/** The import that created all of them, and the first audit. */
let imported: string;
let first: string;

const json = (...args: string[]) => supergraph.json(...args);

/** Asks as the admin what must be answered. */
async function ask<T>(query: string, variables: object, shape: z.ZodType<T>): Promise<T> {
  const { data, errors } = await supergraph.ask(ADMIN, query, variables);
  expect(errors).toBeUndefined();
  return shape.parse(data);
}

/** Brings rows into production without a review. */
async function importPeople(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  const { batchId, status } = await json(
    ...['import', file, ...WORKSPACE, '--profile', 'contactImport', '--auto-promote'],
    ...['--set', 'kind=PERSON'],
  );
  expect(['COMPLETED', 'READY_FOR_REVIEW']).toContain(status);
  return batchId;
}

/** Beside its result, an incremental one says how duplicates were looked for. */
async function audit(...options: string[]) {
  const { exitCode, stdout } = await supergraph.cli(
    ...['--json', 'audit', ...WORKSPACE, '--wait', ...options],
  );
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  supergraph = await startSupergraph();
  folder = await createTemporaryFolder('memory');
  ({ id: workspaceId } = await json('workspace', 'create', 'memory', '--country', 'US'));
  imported = await importPeople('people.csv', PEOPLE);
  const { contacts } = await ask(
    'query ($id: ID!) { contacts(workspaceId: $id) { edges { node { id externalId } } } }',
    { id: workspaceId },
    z.object({
      contacts: z.object({
        edges: z.array(z.object({ node: z.object({ id: z.string(), externalId: z.string() }) })),
      }),
    }),
  );
  ids = new Map(contacts.edges.map(({ node }) => [node.externalId, node.id]));
  ({ batchId: first } = await audit());
}, 120_000);
afterAll(() => supergraph.stop());

describe('an audit', () => {
  it('has a certificate: all that was there was looked at', async () => {
    const { mode, entities } = await json('certificate', first);

    expect(mode).toBe('FULL');
    expect(entities).toContainEqual({
      ...{ entityType: 'CONTACT', expected: 4, checked: 4, gone: 0, unreadable: 0, unchanged: 0 },
      ...{ added: 0, changed: 0, removed: 0 },
    });
  });

  it('is scored, with what accepting what was found would bring', async () => {
    const { score, gains } = await json('score', 'memory');

    // Of four contacts, one loses half and one a fifth. For the address, there is nothing to accept.
    expect(score).toBeCloseTo(82.5);
    expect(gains).toEqual([
      { ruleId: 'contact.phone.format', openCount: 1, gain: 5, gainIfResolved: 5 },
      { ruleId: 'contact.email.syntax', openCount: 1, gain: 0, gainIfResolved: 12.5 },
    ]);
    expect(await json('review', first, '--by-rule')).toMatchObject([
      { ruleId: 'contact.phone.format', gain: 5 },
      { ruleId: 'contact.email.syntax', gain: 0, gainIfResolved: 12.5 },
    ]);
  });

  it('that is incremental looks at what was promoted since, and the score rises as was said', async () => {
    await json('review', first, '--accept', '--rule', 'contact.phone.format');
    await json('promote', first);

    const { batchId, findings } = await audit('--incremental');

    expect(findings).toEqual([]);
    expect(await json('certificate', batchId)).toMatchObject({
      ...{ mode: 'INCREMENTAL', baseBatchId: first, fullReason: null },
      entities: expect.arrayContaining([
        expect.objectContaining({ expected: 4, checked: 1, unchanged: 3 }),
      ]),
    });
    expect((await json('score', 'memory')).score).toBeCloseTo(87.5);
  });
});

it('a waiver holds while the value stays, and reopens when it changes', async () => {
  const found = async () => {
    const { contact } = await ask(
      'query ($id: ID!) { contact(id: $id) { findings { ruleId state currentValue } } }',
      { id: ids.get('2') },
      z.object({ contact: z.object({ findings: z.array(z.looseObject({})) }) }),
    );
    return contact.findings;
  };
  const finding = { ruleId: 'contact.email.syntax', state: 'OPEN' };
  expect(await found()).toEqual([{ ...finding, currentValue: 'no address' }]);

  const rule = ['--rule', 'contact.email.syntax'];
  await json('review', first, '--waive', ...rule, '--reason', 'Has none.');
  const { findings: whileWaived } = await audit();
  expect(whileWaived).toMatchObject([{ openCount: 0, waivedCount: 1 }]);
  expect(await found()).toEqual([]);
  expect((await json('score', 'memory')).score).toBe(100);

  await importPeople('changed.csv', 'externalId,email\n2,still none\n');
  const { findings: whenChanged } = await audit('--incremental');
  expect(whenChanged).toMatchObject([{ openCount: 1, waivedCount: 0 }]);
  expect(await found()).toEqual([{ ...finding, currentValue: 'still none' }]);
});

it('an erased person is nowhere any more, and the rest stays', async () => {
  const contactId = ids.get('1') ?? '';
  const known = async () =>
    JSON.stringify(
      await ask(
        `query ($contactId: ID!, $imported: ID!, $audited: ID!) {
          contact(id: $contactId) {
            givenName familyName email phone changes { edges { node { kind before after } } }
            findings(includeResolved: true) { message currentValue suggestedValue }
          }
          imported: stagedBatch(id: $imported) { records { edges { node { rawData } } } }
          audited: stagedBatch(id: $audited) {
            findings { edges { node { message currentValue suggestedValue } } }
          }
        }`,
        { contactId, imported, audited: first },
        z.unknown(),
      ),
    );
  const personal = /Okafor|ada\.okafor|555-?0142/;
  expect(await known()).toMatch(personal);

  await json('erase', contactId, '--reason', 'Request 17', '--yes');

  const left = await known();
  expect(left).not.toMatch(personal);
  expect(left).toContain('Ngata');
  const { entities } = await json('certificate', (await audit('--incremental')).batchId);
  // How many of them are looked at again depends on what else the server has under way.
  expect(entities).toContainEqual(
    expect.objectContaining({ entityType: 'CONTACT', expected: 3, gone: 0, changed: 0 }),
  );
});

it('a schedule that is paused waits, and one that runs audits when its time has come', async () => {
  const times = ['--cron', '0 3 * * *', '--zone', 'Europe/Berlin', '--mode', 'incremental'];
  const { id } = await json('schedule', 'add', ...WORKSPACE, ...times, '--title', 'By night');
  const paused = await json('schedule', 'pause', id);
  expect(paused).toMatchObject({ nextRunAt: null, lastRunAt: null });
  const { nextRunAt } = await json('schedule', 'resume', id);
  expect(new Date(nextRunAt).getTime()).toBeGreaterThan(Date.now());

  const dueAt = await passTime(id);
  const schedule = await waitFor(
    'the schedule to run',
    async () => {
      const [listed] = await listSchedules();
      return listed?.lastBatch?.status === 'COMPLETED' && listed;
    },
    { timeoutMs: 30_000, intervalMs: 250 },
  );

  expect(schedule).toMatchObject({ id, lastBatch: { title: 'By night', mode: 'INCREMENTAL' } });
  expect(new Date(schedule.lastRunAt ?? 0).getTime()).toBeGreaterThan(dueAt.getTime());
  expect(schedule.nextRunAt).toBe(nextRunAt);
});

/** Has it be due since a minute ago, as though the time until then had passed. */
async function passTime(scheduleId: string): Promise<Date> {
  const client = new pg.Client({ connectionString: supergraph.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ dueAt: Date }>(
      `UPDATE audit_schedule SET next_run_at = date_trunc('minute', now() - interval '1 minute')
       WHERE id = $1 RETURNING next_run_at AS "dueAt"`,
      [scheduleId],
    );
    return rows[0]?.dueAt ?? new Date(Number.NaN);
  } finally {
    await client.end();
  }
}

async function listSchedules() {
  const { workspace } = await ask(
    `query ($id: ID!) {
      workspace(id: $id) {
        auditSchedules { id lastRunAt nextRunAt lastBatch { title mode status } }
      }
    }`,
    { id: workspaceId },
    z.object({
      workspace: z.object({
        auditSchedules: z.array(
          z.object({
            ...{ id: z.string(), lastRunAt: z.string().nullable(), nextRunAt: z.string() },
            lastBatch: z
              .object({ title: z.string(), mode: z.string(), status: z.string() })
              .nullable(),
          }),
        ),
      }),
    }),
  );
  return workspace.auditSchedules;
}

it('an archived workspace takes no programs any more, and is still read, in both subgraphs', async () => {
  const createProgram = (code: string): Promise<Answer> =>
    supergraph.ask(
      ADMIN,
      `mutation ($input: CreateProgramInput!) { createProgram(input: $input) { code } }`,
      { input: { workspaceId, code, name: 'Maintenance' } },
    );
  expect((await createProgram('before')).errors).toBeUndefined();

  await json('workspace', 'archive', 'memory');

  let tries = 0;
  const refused = await waitFor('the other subgraph to know of it', async () => {
    tries += 1;
    return (await createProgram(`after-${tries}`)).errors;
  });
  expect(refused).toMatchObject([
    { message: expect.stringContaining('archived'), extensions: { code: 'CONFLICT' } },
  ]);
  const { data, errors } = await supergraph.ask(
    ADMIN,
    `query ($id: ID!) {
      workspace(id: $id) { archivedAt auditSchedules { id } }
      programs(workspaceId: $id) { edges { node { code } } }
    }`,
    { id: workspaceId },
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    workspace: { archivedAt: expect.any(String), auditSchedules: [] },
    programs: { edges: expect.arrayContaining([{ node: { code: 'before' } }]) },
  });
});
