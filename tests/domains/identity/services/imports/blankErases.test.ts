import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decideRecords } from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { readConfig } from '../../../../../src/platform/config.ts';
import { readFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { importInput } from '../../support/importInput.ts';

const COLUMNS = 'externalId,kind,familyName,email,phone';

let testbed: IdentityTestbed;
let actorId: string;
let workspaceId: string;
let contactId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('actor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
  contactId = await testbed.createEntity(workspaceId, 'contact', {
    ...{ externalId: 'C-1', familyName: 'Okafor', email: 'okafor@example.com' },
    ...{ phone: '+13125550142', locality: 'Chicago' },
  });
});
afterAll(() => testbed.close());

/** Imports a file of one row, accepts and promotes it. */
async function promoted(row: string, blankErases: boolean): Promise<string> {
  const file = `${COLUMNS}\n${row}\n`;
  const input = { workspaceId, createdBy: actorId, file, asked: { blankErases } };
  const { batchId } = await testbed.runtime.imports.importFile(importInput(input));
  return acceptAndPromote(batchId);
}

async function acceptAndPromote(batchId: string): Promise<string> {
  const { pool, promotion } = testbed.runtime;
  const { status } = await testbed.untilResting(batchId);
  if (status === 'COMPLETED') return batchId;
  await decideRecords(pool, {
    ...{ batchId, decision: 'ACCEPTED', actorId, comment: null, selection: { filter: {} } },
  });
  await promotion.promoteStagedBatch({ batchId, actorId });
  await testbed.untilResting(batchId);
  return batchId;
}

const contact = () =>
  readFields(testbed.runtime.pool, 'contact', contactId, [
    ...['kind', 'familyName', 'email', 'phone', 'locality', 'version'],
  ]);

it('leaves what an entity has where a cell is blank', async () => {
  await promoted('C-1,,Okafor,,', false);

  expect(await contact()).toMatchObject({ email: 'okafor@example.com', version: 1 });
});

it('erases it where that is asked for: columns of the file alone, and never what must be there', async () => {
  await promoted('C-1,,Okafor,, ', true);

  expect(await contact()).toEqual({
    ...{ kind: 'PERSON', familyName: 'Okafor', email: null, phone: null },
    ...{ locality: 'Chicago', version: 2 },
  });
});

it('finds nothing new in a row whose blank cells are empty in the entity already', async () => {
  await promoted('C-1,,Okafor,,', true);
  const again = await promoted('C-1,,Okafor,,', true);

  const { rows } = await testbed.runtime.pool.query(
    'SELECT match_kind AS kind FROM staged_record_state WHERE batch_id = $1',
    [again],
  );
  expect(rows).toEqual([{ kind: 'UNCHANGED' }]);
  expect(await contact()).toMatchObject({ version: 2 });
});

it('takes back what was erased when the promotion is undone', async () => {
  const batchId = await promoted('C-1,,Okafor,,', true);

  await testbed.runtime.reversal.revertPromotion({ batchId, actorId });
  await testbed.untilResting(batchId);

  expect(await contact()).toMatchObject({ email: 'okafor@example.com', phone: '+13125550142' });
});

it.each([true, false])('is asked for with rows over the API too: %s', async (blankErases) => {
  const { batchId } = await testbed.runtime.imports.ingestRows({
    ...{ workspaceId, createdBy: actorId, profile: 'contactImport', autoPromote: false },
    rows: [{ externalId: 'C-1', kind: null, familyName: 'Smith', email: null, phone: ' ' }],
    ...{ blankErases, idempotencyKey: null, limits: readConfig({}).importLimits },
  });
  await acceptAndPromote(batchId);

  expect(await contact()).toMatchObject({
    ...{ kind: 'PERSON', familyName: 'Smith', locality: 'Chicago' },
    email: blankErases ? null : 'okafor@example.com',
    phone: blankErases ? null : '+13125550142',
  });
});
