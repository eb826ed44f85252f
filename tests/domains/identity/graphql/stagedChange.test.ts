import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StagedRow } from '../../../../src/domains/identity/profiles/profile.ts';
import { acceptFindings } from '../support/acceptedFindings.ts';
import { setFields } from '../support/changes.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let reviewerId: string;
let workspaceId: string;
let contactId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
  reviewerId = await testbed.userId('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: reviewerId, defaultCountry: 'US' });
  contactId = await testbed.createEntity(workspaceId, 'contact', {
    ...{ familyName: 'Okafor', phone: '(312) 555-0142', birthDate: '1980-02-03' },
    externalId: 'C-1',
  });
});
afterAll(() => testbed.close());

async function importRows(rows: readonly StagedRow[]): Promise<string> {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: reviewerId, title: 'Import', sourceType: 'API_IMPORT' },
    ...{ profile: `${rows[0]?.entityType}Import`, autoPromote: false, rows },
  });
  await testbed.untilResting(batch.id);
  return batch.id;
}

const contact = (rawData: StagedRow['rawData']): StagedRow => ({ entityType: 'contact', rawData });

async function mutate(document: string, input: object): Promise<void> {
  const { errors } = await testbed.ask('reviewer', document, { input });
  expect(errors).toBeUndefined();
}

const accept = (batchId: string) =>
  mutate(
    'mutation ($input: DecideRecordsInput!) { decideRecords(input: $input) { decidedCount } }',
    { batchId, decision: 'ACCEPTED', filter: {} },
  );

async function promote(batchId: string): Promise<void> {
  await mutate(
    'mutation ($input: PromoteStagedBatchInput!) { promoteStagedBatch(input: $input) { runId } }',
    { batchId },
  );
  await testbed.untilResting(batchId);
}

async function changes(batchId: string) {
  const { data, errors } = await testbed.ask(
    'reviewer',
    `query ($batchId: ID!) {
      stagedBatch(id: $batchId) {
        records { edges { node { status entity { id } change { kind before after } } } }
      }
    }`,
    { batchId },
  );
  expect(errors).toBeUndefined();
  return data.stagedBatch.records.edges.map(({ node }: { node: unknown }) => node);
}

it('shows whether a row makes an entity or changes one, from what to what', async () => {
  const batchId = await importRows([
    contact({ externalId: 'C-2', familyName: 'Ada' }),
    contact({ externalId: 'C-1', familyName: 'Eze', birthDate: '1980-02-03', email: '' }),
    contact({ externalId: 'C-1', familyName: 'Okafor' }),
  ]);

  expect(await changes(batchId)).toMatchObject([
    {
      entity: null,
      change: { kind: 'CREATE', before: null, after: { familyName: 'Ada', externalId: 'C-2' } },
    },
    {
      entity: { id: contactId },
      change: { kind: 'UPDATE', before: { familyName: 'Okafor' }, after: { familyName: 'Eze' } },
    },
    { entity: { id: contactId }, change: { kind: 'NONE', before: null, after: null } },
  ]);
});

it('shows both values of a row in conflict, and nothing more of one that is in production', async () => {
  const batchId = await importRows([contact({ externalId: 'C-1', familyName: 'Eze' })]);
  await accept(batchId);
  await setFields(testbed.runtime.pool, 'contact', contactId, { familyName: 'Obi' });
  await promote(batchId);
  expect(await changes(batchId)).toMatchObject([
    {
      status: 'CONFLICT',
      change: { kind: 'UPDATE', before: { familyName: 'Obi' }, after: { familyName: 'Eze' } },
    },
  ]);

  await mutate(
    'mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) { rowIndex } }',
    {
      ...{ batchId, rowIndex: 0, resolution: 'EDITED' },
      values: [{ field: 'familyName', value: 'Ike' }],
    },
  );
  expect(await changes(batchId)).toMatchObject([{ change: { after: { familyName: 'Ike' } } }]);

  await promote(batchId);
  expect(await changes(batchId)).toMatchObject([{ status: 'PROMOTED', change: { kind: 'NONE' } }]);
});

it('shows what is accepted of an audited entity', async () => {
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: reviewerId,
  });
  await testbed.untilResting(batch.id);
  expect(await changes(batch.id)).toMatchObject([{ change: { kind: 'NONE' } }]);

  await acceptFindings(testbed, { batchId: batch.id, decidedBy: reviewerId });

  expect(await changes(batch.id)).toMatchObject([
    {
      change: {
        ...{ kind: 'UPDATE', before: { phone: '(312) 555-0142' } },
        after: { phone: '+13125550142' },
      },
    },
  ]);
});

it('shows that an entity would be archived', async () => {
  const { data } = await testbed.ask(
    'reviewer',
    'mutation ($input: ArchiveEntitiesInput!) { archiveEntities(input: $input) { id } }',
    { input: { workspaceId, entityType: 'CONTACT', entityIds: [contactId] } },
  );
  const { id: batchId } = data.archiveEntities;
  await testbed.untilResting(batchId);

  expect(await changes(batchId)).toMatchObject([{ change: { kind: 'ARCHIVE' } }]);
});
