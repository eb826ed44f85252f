import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
  workspaceId = await testbed.createWorkspace({ createdBy: await testbed.userId('owner') });
  await testbed.addMember(workspaceId, await testbed.userId('reader'), 'VIEWER');
  await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor', email: 'none' });
});
afterAll(() => testbed.close());

const TRIGGER = `mutation ($input: TriggerDataAuditInput!) {
  triggerDataAudit(input: $input) { batchId recordCount }
}`;
const BATCH = `query ($id: ID!) { stagedBatch(id: $id) {
  title mode fullReason recordCount
  certificate {
    batchId mode baseBatchId snapshot snapshotAt certifiedAt
    entities { entityType expected checked gone unreadable unchanged added changed removed }
    rules { id version severity parameters { id value } } rulesOff uncompared { key }
    findings { severity count }
  }
} }`;

async function audit(input: object): Promise<string> {
  const { data } = await testbed.ask('owner', TRIGGER, { input: { workspaceId, ...input } });
  await testbed.untilResting(data.triggerDataAudit.batchId);
  return data.triggerDataAudit.batchId;
}

it('is shown to members, of a full audit and of an incremental one', async () => {
  const base = await audit({});
  const id = await audit({ mode: 'INCREMENTAL', title: ' Nightly ' });

  const full = await testbed.ask('reader', BATCH, { id: base });
  const { data } = await testbed.ask('reader', BATCH, { id });

  expect(full.data.stagedBatch).toMatchObject({ mode: 'FULL', recordCount: 1 });
  expect(data.stagedBatch).toMatchObject({
    ...{ title: 'Nightly', mode: 'INCREMENTAL', fullReason: null, recordCount: 0 },
    certificate: {
      ...{ batchId: id, mode: 'INCREMENTAL', baseBatchId: base },
      entities: [
        { entityType: 'CONTACT', expected: 1, checked: 0, unchanged: 1 },
        { entityType: 'SITE', expected: 0 },
        { entityType: 'DEVICE', expected: 0 },
      ],
      rulesOff: [],
      uncompared: [],
      // Only rules that look at the workspace were run on it.
      findings: [
        { severity: 'ERROR', count: 0 },
        { severity: 'WARNING', count: 0 },
        { severity: 'INFO', count: 0 },
      ],
    },
  });
});

it('refuses a title of white space', async () => {
  const { errors } = await testbed.ask('owner', TRIGGER, { input: { workspaceId, title: ' ' } });

  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.title' });
});
