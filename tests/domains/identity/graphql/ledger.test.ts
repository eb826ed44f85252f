import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BatchBed, createBatchBed } from '../support/batchBed.ts';
import { setFields } from '../support/changes.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let bed: BatchBed;
let workspaceId: string;
/** Audits, of which the second follows some changes. */
let first: string;
let second: string;
const ids: Record<'fixed' | 'regressing' | 'waived' | 'kept' | 'added', string> = {
  ...{ fixed: '', regressing: '', waived: '', kept: '', added: '' },
};

const change = (id: string, email: string) =>
  setFields(testbed.runtime.pool, 'contact', id, { email });
const contact = (familyName: string, email: string) =>
  testbed.createEntity(workspaceId, 'contact', { familyName, email });

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
  const admin = await testbed.userId('admin');
  workspaceId = await testbed.createWorkspace({ createdBy: admin });
  await testbed.addMember(workspaceId, await testbed.userId('viewer'), 'VIEWER');
  bed = createBatchBed(testbed, admin);
  ids.fixed = await contact('Okafor', 'no address');
  ids.regressing = await contact('Ngata', 'none here');
  ids.waived = await contact('Vrba', 'not any');
  ids.kept = await contact('Ek', 'none at all');
  first = await bed.audit(workspaceId);
  await change(ids.regressing, 'ngata@example.com');
  await bed.audit(workspaceId);
  await change(ids.regressing, 'none again');
  await change(ids.fixed, 'okafor@example.com');
  ids.added = await contact('Oduya', 'neither');
  second = await bed.audit(workspaceId);
  await testbed.ask(
    'admin',
    `mutation ($batchId: ID!, $rowIndex: Int!) {
      waiveFindings(input: {
        batchId: $batchId, findings: [{ rowIndex: $rowIndex, ordinal: 0 }], reason: "Fine."
      }) { decidedCount }
    }`,
    { batchId: second, rowIndex: 2 },
  );
});
afterAll(() => testbed.close());
afterEach(() => vi.restoreAllMocks());

/** The SQL statements that read the ledger while `act` ran. */
async function statementsOnLedger(act: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, 'query').mockName('query');
  await act();
  return query.mock.calls.filter(([config]: unknown[]) => {
    const text = typeof config === 'string' ? config : Reflect.get(Object(config), 'text');
    return /ledger_entry/.test(String(text));
  }).length;
}

const FINDINGS = /* GraphQL */ `
  query ($batchId: ID!, $filter: FindingFilter) {
    stagedBatch(id: $batchId) {
      createdAt
      findings(filter: $filter) {
        edges { node { entityId state firstSeenAt lastSeenAt } }
      }
    }
  }
`;

async function findings(batchId: string, filter: object = {}) {
  const { data } = await testbed.ask('viewer', FINDINGS, { batchId, filter });
  return data.stagedBatch.findings.edges.map(({ node }: { node: object }) => node);
}

async function triggeredAt(batchId: string): Promise<string> {
  const { data } = await testbed.ask('viewer', FINDINGS, { batchId });
  return data.stagedBatch.createdAt;
}

describe('a batch', () => {
  it('shows its findings with their state, first and last seen, in one statement', async () => {
    const [firstAt, lastAt] = [await triggeredAt(first), await triggeredAt(second)];
    let shown: unknown;
    const statements = await statementsOnLedger(async () => {
      shown = await findings(second);
    });

    expect(statements).toBe(1);
    expect(shown).toEqual([
      { entityId: ids.regressing, state: 'REGRESSED', firstSeenAt: firstAt, lastSeenAt: lastAt },
      { entityId: ids.waived, state: 'PERSISTING', firstSeenAt: firstAt, lastSeenAt: lastAt },
      { entityId: ids.kept, state: 'PERSISTING', firstSeenAt: firstAt, lastSeenAt: lastAt },
      { entityId: ids.added, state: 'NEW', firstSeenAt: lastAt, lastSeenAt: lastAt },
    ]);
    expect(await findings(first)).toMatchObject(Array(4).fill({ state: 'NEW' }));
  });

  it.each([
    ['NEW', ['added']],
    ['PERSISTING', ['waived', 'kept']],
    ['REGRESSED', ['regressing']],
  ] as const)('lists those that are %s', async (state, names) => {
    expect(await findings(second, { state })).toMatchObject(
      names.map((name) => ({ entityId: ids[name], state })),
    );
  });

  it('shows what it has changed, and pages through what it has resolved', async () => {
    const query = /* GraphQL */ `
      query ($batchId: ID!, $after: String) {
        stagedBatch(id: $batchId) {
          ledger { newCount persistingCount resolvedCount regressedCount }
          resolvedFindings(first: 1, after: $after) {
            edges { node { entityId state ruleId resolvedAt entity { id } } }
            pageInfo { endCursor hasNextPage }
          }
        }
      }
    `;
    const { data } = await testbed.ask('viewer', query, { batchId: second });

    expect(data.stagedBatch).toEqual({
      ledger: { newCount: 1, persistingCount: 2, resolvedCount: 1, regressedCount: 1 },
      resolvedFindings: {
        edges: [
          {
            node: {
              ...{ entityId: ids.fixed, entity: { id: ids.fixed }, state: 'RESOLVED' },
              ...{ ruleId: 'contact.email.syntax', resolvedAt: await triggeredAt(second) },
            },
          },
        ],
        pageInfo: { endCursor: expect.any(String), hasNextPage: false },
      },
    });
    const { endCursor: after } = data.stagedBatch.resolvedFindings.pageInfo;
    const next = await testbed.ask('viewer', query, { batchId: second, after });
    expect(next.data.stagedBatch.resolvedFindings.edges).toEqual([]);
    const refused = await testbed.ask('viewer', query, { batchId: second, after: 'MQ==' });
    expect(refused.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('has none of it where it is an import', async () => {
    const { batch: imported } = await testbed.runtime.ingestion.ingestStagedBatch({
      ...{ workspaceId, createdBy: await testbed.userId('admin'), title: 'Import' },
      ...{ sourceType: 'API_IMPORT', profile: 'contactImport', autoPromote: false },
      rows: [{ entityType: 'contact', rawData: { familyName: 'Ode', email: 'no address' } }],
    });
    await testbed.untilResting(imported.id);

    expect(await findings(imported.id)).toEqual([
      { entityId: null, state: null, firstSeenAt: null, lastSeenAt: null },
    ]);
    const { data } = await testbed.ask(
      'viewer',
      'query ($id: ID!) { stagedBatch(id: $id) { ledger { newCount } findingCounts { gain gainIfResolved } } }',
      { id: imported.id },
    );
    expect(data.stagedBatch).toEqual({
      ledger: null,
      findingCounts: [{ gain: null, gainIfResolved: null }],
    });
  });
});

describe('entities', () => {
  const CONTACTS = /* GraphQL */ `
    query ($workspaceId: ID!, $all: Boolean!) {
      contacts(workspaceId: $workspaceId) {
        edges { node { id findings(includeResolved: $all) { ruleId state isOutdated severity } } }
      }
    }
  `;
  async function contacts(all: boolean): Promise<Map<string, unknown>> {
    const { data } = await testbed.ask('viewer', CONTACTS, { workspaceId, all });
    const nodes: { id: string; findings: unknown }[] = data.contacts.edges.map(
      ({ node }: { node: object }) => node,
    );
    return new Map(nodes.map((node) => [node.id, node.findings]));
  }
  const finding = (state: string, isOutdated: boolean) => [
    { ruleId: 'contact.email.syntax', severity: 'WARNING', state, isOutdated },
  ];

  it('show what is open now, a list of them in one statement', async () => {
    await change(ids.kept, 'none in a while');
    let shown: unknown;
    const statements = await statementsOnLedger(async () => {
      shown = await contacts(false);
    });

    expect(statements).toBe(1);
    expect(shown).toEqual(
      new Map<string, unknown>([
        [ids.fixed, []],
        [ids.regressing, finding('OPEN', false)],
        [ids.waived, []],
        [ids.kept, finding('OPEN', true)],
        [ids.added, finding('OPEN', false)],
      ]),
    );
  });

  it('show on demand what was waived or resolved too', async () => {
    const shown = await contacts(true);
    expect(shown.get(ids.fixed)).toEqual(finding('RESOLVED', true));
    expect(shown.get(ids.waived)).toEqual(finding('WAIVED', false));
  });
});

describe('a workspace', () => {
  const QUALITY = /* GraphQL */ `
    query ($workspaceId: ID!, $last: Int = 30) {
      workspace(id: $workspaceId) {
        quality {
          score
          byEntityType { entityType score entityCount openCount }
          history(last: $last) { score batch { id } byEntityType { entityType score entityCount } }
          gains { ruleId openCount gain gainIfResolved }
        }
      }
    }
  `;

  it('has a score, its history, and what there is to gain', async () => {
    const { data } = await testbed.ask('viewer', QUALITY, { workspaceId, last: 2 });

    expect(data.workspace.quality).toEqual({
      // Of five contacts, three lose half; the waived one does not since it was waived.
      score: 70,
      byEntityType: [
        { entityType: 'CONTACT', score: 70, entityCount: 5, openCount: 3 },
        { entityType: 'SITE', score: null, entityCount: 0, openCount: 0 },
        { entityType: 'DEVICE', score: null, entityCount: 0, openCount: 0 },
      ],
      history: [
        { score: 62.5, batch: expect.anything(), byEntityType: [expect.anything()] },
        {
          ...{ score: 60, batch: { id: second } },
          byEntityType: [{ entityType: 'CONTACT', score: 60, entityCount: 5 }],
        },
      ],
      gains: [{ ruleId: 'contact.email.syntax', openCount: 3, gain: 0, gainIfResolved: 30 }],
    });
  });

  it('is asked for more audits than there may be', async () => {
    const { errors } = await testbed.ask('viewer', QUALITY, { workspaceId, last: 1_001 });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'last' });
  });

  it('shows nothing to strangers', async () => {
    const { data, errors } = await testbed.ask('stranger', QUALITY, { workspaceId });
    expect(data?.workspace ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

it('weighs what there is to gain in many batches in one statement', async () => {
  let batches: unknown;
  const statements = await statementsOnLedger(async () => {
    const { data } = await testbed.ask(
      'viewer',
      `query ($first: ID!, $second: ID!) {
        first: stagedBatch(id: $first) { findingCounts { ruleId gain gainIfResolved } }
        second: stagedBatch(id: $second) { findingCounts { ruleId gain gainIfResolved } }
      }`,
      { first, second },
    );
    batches = data;
  });

  expect(statements).toBe(1);
  expect(batches).toEqual({
    first: { findingCounts: [{ ruleId: 'contact.email.syntax', gain: 0, gainIfResolved: 20 }] },
    second: { findingCounts: [{ ruleId: 'contact.email.syntax', gain: 0, gainIfResolved: 30 }] },
  });
});

it('weighs the quality of many workspaces in one statement', async () => {
  const { pool } = testbed.runtime;
  const admin = await testbed.userId('admin');
  for (const other of ['one', 'two']) {
    await testbed.createEntity(await testbed.createWorkspace({ createdBy: admin }), 'contact', {
      familyName: other,
    });
  }
  const scores: (number | null)[] = [];
  const statements = await statementsOnLedger(async () => {
    const { data } = await testbed.ask(
      'admin',
      '{ workspaces { quality { score gains { gain } } } }',
    );
    for (const { quality } of data.workspaces) scores.push(quality.score);
  });

  expect(statements).toBe(1);
  const { rows } = await pool.query('SELECT count(*)::int AS count FROM workspace');
  expect(scores).toHaveLength(rows[0].count);
  // Nobody has audited the others.
  expect(scores.filter((score) => score !== null)).toEqual([expect.any(Number)]);
});
