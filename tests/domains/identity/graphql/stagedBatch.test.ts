import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let batchId: string;
let editorId: string;
const clean = { familyName: 'Meier', email: 'meier@example.com' };

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  await testbed.startWorker();
  editorId = await testbed.userId('editor');
  const workspaceId = await testbed.createWorkspace({ createdBy: editorId, defaultCountry: 'US' });
  await testbed.createEntity(workspaceId, 'contact', clean);
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'A', email: 'no address' });
  await testbed.createEntity(workspaceId, 'contact', { email: 'nameless@example.com' });
  await testbed.createEntity(workspaceId, 'device', { serialNumber: 'A-1', macAddress: 'xyz' });
  const { data } = await ask(
    'editor',
    'mutation ($id: ID!) { triggerDataAudit(input: { workspaceId: $id }) { batchId } }',
    { id: workspaceId },
  );
  batchId = data.triggerDataAudit.batchId;
  await testbed.untilResting(batchId);
});
afterAll(() => testbed.close());

const RECORDS = /* GraphQL */ `
  query ($id: ID!, $filter: StagedRecordFilter, $first: Int, $after: String) {
    stagedBatch(id: $id) {
      records(filter: $filter, first: $first, after: $after) {
        edges {
          node {
            rowIndex
            status
            findings { ruleId severity }
            entity { __typename id ... on Contact { email } }
          }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`;

async function rowsOf(filter: Record<string, string> = {}): Promise<number[]> {
  const { data, errors } = await ask('editor', RECORDS, { id: batchId, filter });
  expect(errors).toBeUndefined();
  return data.stagedBatch.records.edges.map(
    (edge: { node: { rowIndex: number } }) => edge.node.rowIndex,
  );
}

it('shows how far it has come, and what was found', async () => {
  const { data } = await ask(
    'editor',
    `query ($id: ID!) {
      stagedBatch(id: $id) {
        status sourceType profile autoPromote recordCount processedCount createdBy { email }
        findingCounts { ruleId severity count } recordCounts { status count }
      }
    }`,
    { id: batchId },
  );
  expect(data.stagedBatch).toEqual({
    status: 'READY_FOR_REVIEW',
    sourceType: 'DATA_AUDIT',
    profile: 'dataAudit',
    autoPromote: false,
    recordCount: 4,
    processedCount: 4,
    createdBy: { email: 'editor@test.example' },
    findingCounts: [
      { ruleId: 'contact.required', severity: 'ERROR', count: 1 },
      { ruleId: 'contact.email.syntax', severity: 'WARNING', count: 1 },
      { ruleId: 'device.mac.invalid', severity: 'WARNING', count: 1 },
      { ruleId: 'device.site.missing', severity: 'WARNING', count: 1 },
    ],
    recordCounts: [
      { status: 'PASSED', count: 1 },
      { status: 'NEEDS_REVIEW', count: 3 },
    ],
  });
});

it('lists its records with their findings and the audited entity', async () => {
  const { data } = await ask('editor', RECORDS, { id: batchId, first: 2 });
  expect(data.stagedBatch.records.edges).toMatchObject([
    { node: { rowIndex: 0, status: 'PASSED', findings: [], entity: { email: clean.email } } },
    {
      node: {
        rowIndex: 1,
        status: 'NEEDS_REVIEW',
        findings: [{ ruleId: 'contact.email.syntax', severity: 'WARNING' }],
        entity: { __typename: 'Contact', email: 'no address' },
      },
    },
  ]);
});

describe('lists the records', () => {
  it.each<[string, Record<string, string>, number[]]>([
    ['all', {}, [0, 1, 2, 3]],
    ['that passed', { status: 'PASSED' }, [0]],
    ['that need review', { status: 'NEEDS_REVIEW' }, [1, 2, 3]],
    ['that are pending', { status: 'PENDING' }, []],
    ['that are invalid', { status: 'INVALID' }, []],
    ['with an error', { severity: 'ERROR' }, [2]],
    ['of a rule', { ruleId: 'device.mac.invalid' }, [3]],
    ['of a type', { entityType: 'CONTACT' }, [0, 1, 2]],
    ['of a type with a warning', { entityType: 'CONTACT', severity: 'WARNING' }, [1]],
    [
      'that passed with a finding, of which there is none',
      { status: 'PASSED', severity: 'INFO' },
      [],
    ],
  ])('%s', async (_what, filter, rows) => {
    expect(await rowsOf(filter)).toEqual(rows);
  });

  it('page by page', async () => {
    const seen: number[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const { data } = await ask('editor', RECORDS, { id: batchId, first: 1, after });
      const { edges, pageInfo } = data.stagedBatch.records;
      seen.push(edges[0].node.rowIndex);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});

it('lists all findings, page by page', async () => {
  const FINDINGS = /* GraphQL */ `
    query ($id: ID!, $after: String) {
      stagedBatch(id: $id) {
        findings(first: 1, after: $after) {
          edges { node { ruleId field currentValue } }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  `;
  const seen: string[] = [];
  let after: string | undefined;
  for (let more = true; more; ) {
    const { data } = await ask('editor', FINDINGS, { id: batchId, after });
    const { edges, pageInfo } = data.stagedBatch.findings;
    seen.push(edges[0].node.ruleId);
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  expect(seen.sort()).toEqual([
    'contact.email.syntax',
    'contact.required',
    'device.mac.invalid',
    'device.site.missing',
  ]);
});

it('keeps the place of a related entity that is gone', async () => {
  const workspaceId = await testbed.createWorkspace({ createdBy: editorId });
  const createTwin = (externalId: string) =>
    testbed.createEntity(workspaceId, 'device', { serialNumber: 'same', externalId });
  const first = await createTwin('T-1');
  const second = await createTwin('T-2');
  const third = await createTwin('T-3');
  const { data } = await ask(
    'editor',
    'mutation ($id: ID!) { triggerDataAudit(input: { workspaceId: $id }) { batchId } }',
    { id: workspaceId.toUpperCase() },
  );
  await testbed.untilResting(data.triggerDataAudit.batchId);
  await testbed.runtime.pool.query('DELETE FROM customer_device WHERE id = $1', [second]);

  const read = await ask(
    'editor',
    `query ($id: ID!) {
      stagedBatch(id: $id) {
        records(first: 1) { edges { node { rawData } } }
        findings(filter: { ruleId: "device.duplicate" }) {
          edges { node { entityId relatedEntityIds relatedEntities { externalId } } }
        }
      }
    }`,
    { id: data.triggerDataAudit.batchId },
  );

  const { records, findings } = read.data.stagedBatch;
  expect(records.edges[0].node.rawData.workspaceId).toBe(workspaceId);
  const { node } = findings.edges.find(
    (edge: { node: { entityId: string } }) => edge.node.entityId === first,
  );
  const entityById = { [second]: null, [third]: { externalId: 'T-3' } };
  expect(new Set(node.relatedEntityIds)).toEqual(new Set([second, third]));
  expect(node.relatedEntities).toEqual(node.relatedEntityIds.map((id: string) => entityById[id]));
});

it('is not there for a stranger', async () => {
  const stranger = await ask('stranger', RECORDS, { id: batchId });
  const missing = await ask('stranger', RECORDS, { id: '019ab000-0000-7000-8000-000000000001' });
  expect(stranger.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect(stranger).toEqual(missing);
});

it.each([
  ['records', 'StagedRecordFilter'],
  ['findings', 'FindingFilter'],
])(
  'refuses to filter %s by a rule that there is not, and names those alike',
  async (list, type) => {
    const { errors } = await ask(
      'editor',
      `query ($id: ID!, $filter: ${type}) {
      stagedBatch(id: $id) { ${list}(filter: $filter) { edges { cursor } } }
    }`,
      { id: batchId, filter: { ruleId: 'device.mac' } },
    );
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^There is no rule "device\.mac"\. Use one of device\./),
        extensions: { code: 'BAD_USER_INPUT', field: 'filter.ruleId' },
      },
    ]);
  },
);

it('counts as open what is listed as open, and what is waived apart from it', async () => {
  const ruleId = 'contact.email.syntax';
  const { errors } = await ask(
    'editor',
    'mutation ($input: WaiveFindingsInput!) { waiveFindings(input: $input) { decidedCount } }',
    { input: { batchId, filter: { ruleId }, reason: 'They have no other.' } },
  );
  expect(errors).toBeUndefined();

  const { data } = await ask(
    'editor',
    `query ($id: ID!) {
      stagedBatch(id: $id) { findingCounts { ruleId count openCount waivedCount } }
    }`,
    { id: batchId },
  );

  const { findingCounts } = data.stagedBatch;
  expect(findingCounts).toContainEqual({ ruleId, count: 1, openCount: 0, waivedCount: 1 });
  const open = findingCounts.reduce(
    (sum: number, { openCount }: { readonly openCount: number }) => sum + openCount,
    0,
  );
  expect(open).toBe(3);
  expect(await rowsOf({ status: 'NEEDS_REVIEW' })).toHaveLength(2);
});
