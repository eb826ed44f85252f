import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { callers, createReviewBed, key } from './reviewBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createReviewBed>;
let ann: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createReviewBed(testbed);
  ann = await testbed.createUser('Ann');
});
afterAll(() => testbed.close());

const first = { rowIndex: 0, ordinal: 0 };

function acceptWith(batchId: string, value: string) {
  return bed.decide({ batchId, actorId: ann, selection: { keys: [key(first, { value })] } });
}

it('keeps the value that a finding was accepted with', async () => {
  const { batchId } = await bed.auditOf([{ familyName: 'Okafor', email: 'no address' }], ann);

  expect(await acceptWith(batchId, 'okafor@example.com')).toMatchObject({ decidedCount: 1 });

  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'ACCEPTED', editedValue: 'okafor@example.com', version: 1 },
  ]);
});

it('accepts another value instead of the one before', async () => {
  const { batchId } = await bed.auditOf([{ familyName: 'Okafor', email: 'no address' }], ann);
  await acceptWith(batchId, 'one@example.com');

  expect(await acceptWith(batchId, 'one@example.com')).toMatchObject({
    decidedCount: 0,
    skipped: [{ reason: 'ALREADY_DECIDED', count: 1 }],
  });
  expect(await acceptWith(batchId, 'two@example.com')).toMatchObject({ decidedCount: 1 });
  expect(await bed.findings(batchId)).toMatchObject([
    { editedValue: 'two@example.com', version: 2 },
  ]);
});

it('takes the suggested value for no edit', async () => {
  const { batchId } = await bed.auditOf(callers(1), ann);

  await acceptWith(batchId, '+13125550100');

  expect(await bed.findings(batchId)).toMatchObject([{ decision: 'ACCEPTED', editedValue: null }]);
});

it('takes an empty text for no value at all', async () => {
  const { batchId } = await bed.auditOf([{ familyName: 'Okafor', email: 'no address' }], ann);

  await acceptWith(batchId, ' ');

  expect(await bed.findings(batchId)).toMatchObject([{ decision: 'ACCEPTED', editedValue: '' }]);
});

it('refuses a value that the rules of its field refuse, and changes nothing', async () => {
  const { batchId } = await bed.auditOf(callers(2), ann);
  const keys = [key(first), key({ rowIndex: 1, ordinal: 0 }, { value: '12' })];

  await expect(bed.decide({ batchId, actorId: ann, selection: { keys } })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(/^phone: .*\(contact\.phone\.invalid\)$/),
    details: {
      field: 'input.findings.1.value',
      entityField: 'phone',
      ruleId: 'contact.phone.invalid',
    },
  });

  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'OPEN', version: 0 },
    { decision: 'OPEN', version: 0 },
  ]);
});

it('takes the word of a reviewer where a rule only guesses', async () => {
  const { batchId } = await bed.auditOf([{ familyName: 'BAE' }], ann);

  expect(await acceptWith(batchId, 'BAE SUZY')).toMatchObject({ decidedCount: 1 });
});

it('refuses to empty a field that has to have a value', async () => {
  const { batchId } = await bed.auditOf([{ familyName: ' Okafor' }], ann);

  await expect(acceptWith(batchId, '')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { entityField: 'familyName', ruleId: 'contact.required' },
  });
});

it('judges the values of an entity that is out of use by now, too', async () => {
  const { workspaceId, batchId } = await bed.auditOf([{ familyName: 'O', email: 'none' }], ann);
  await testbed.runtime.pool.query(sql`
    UPDATE third_party SET state = 'ARCHIVED' WHERE workspace_id = ${workspaceId}`);

  await expect(acceptWith(batchId, 'still none')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await acceptWith(batchId, 'o@example.com')).toMatchObject({ decidedCount: 1 });
});

it('judges the values of a record together', async () => {
  const swiss = { familyName: 'Meier', phone: '044 668 18 00', country: 'Schweiz' };
  const { batchId } = await bed.auditOf([swiss], ann);
  const found = await bed.findings(batchId);
  const values: Record<string, string> = { country: 'CH', phone: '+41446681800' };
  const keys = found.map((finding) => key(finding, { value: values[finding.field] ?? null }));

  expect(keys.filter(({ value }) => value !== null).length).toBeGreaterThan(0);
  expect(await bed.decide({ batchId, actorId: ann, selection: { keys } })).toMatchObject({
    decidedCount: keys.length,
  });
});

describe('a device’s site', () => {
  async function auditOfDevice() {
    const workspaceId = await testbed.createWorkspace({ createdBy: ann });
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
    await testbed.createEntity(workspaceId, 'device', { serialNumber: 'SN-4711' });
    const batchId = await bed.audit(workspaceId, ann);
    const finding = (await bed.findings(batchId)).find(({ field }) => field === 'siteId');
    if (!finding) throw new Error('The missing site was not found.');
    const accept = (value: string) =>
      bed.decide({ batchId, actorId: ann, selection: { keys: [key(finding, { value })] } });
    return { siteId, batchId, accept };
  }

  it('can be any of the workspace', async () => {
    const { accept, siteId } = await auditOfDevice();

    expect(await accept(siteId)).toMatchObject({ decidedCount: 1 });
  });

  it.each([
    ['neither an id nor an external id', 'Depot', /^siteId: expected an id or external id/],
    ['the id of nothing', '019ab000-0000-7000-8000-000000000001', /^siteId: this workspace has no/],
  ])('cannot be %s', async (_what, value, message) => {
    const { accept } = await auditOfDevice();

    await expect(accept(value)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
      details: { entityField: 'siteId' },
    });
  });

  it('cannot be one of another workspace', async () => {
    const { accept } = await auditOfDevice();
    const elsewhere = await testbed.createWorkspace({ createdBy: ann });
    const foreign = await testbed.createEntity(elsewhere, 'site', { name: 'Depot' });

    await expect(accept(foreign)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

it('judges the values of an imported row as the entity that it would become', async () => {
  const workspaceId = await testbed.createWorkspace({ createdBy: ann, defaultCountry: 'US' });
  const rawData = { familyName: 'Okafor', phone: '12', birthDate: '1990-01-31' };
  const rows: StagedRow[] = [{ entityType: 'contact', rawData }];
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: ann, title: 'Import', rows },
    ...{ sourceType: 'API_IMPORT', profile: 'contactImport', autoPromote: false },
  });
  await testbed.untilResting(batch.id);

  await expect(acceptWith(batch.id, '123')).rejects.toMatchObject({
    details: { ruleId: 'contact.phone.invalid' },
  });
  expect(await acceptWith(batch.id, '+13125550142')).toMatchObject({ decidedCount: 1 });
});
