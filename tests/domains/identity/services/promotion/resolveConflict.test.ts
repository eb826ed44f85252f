import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type ResolveConflictInput,
  resolveConflict,
} from '../../../../../src/domains/identity/services/promotion/resolveConflict.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

const WRONG_PHONE = { familyName: 'Okafor', phone: '(312) 555-0142' };
const RIGHT_PHONE = '+13125550142';

let testbed: IdentityTestbed;
let actorId: string;
let entityId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
});
afterAll(() => testbed.close());

/** A conflict: a phone was accepted, and somebody has changed the contact since it was audited. */
beforeEach(async () => {
  const workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  entityId = await testbed.createEntity(workspaceId, 'contact', WRONG_PHONE);
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: actorId,
  });
  batchId = batch.id;
  await testbed.untilResting(batchId);
  await acceptFindings(testbed, { batchId, decidedBy: actorId });
  await setFields(testbed.runtime.pool, 'contact', entityId, { phone: '312 555 0199' });
  await promote();
});

async function promote() {
  await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId });
  return testbed.untilResting(batchId);
}

const resolve = (input: Partial<ResolveConflictInput>): Promise<void> =>
  resolveConflict(testbed.runtime.pool, {
    ...{ batchId, rowIndex: 0, actorId, resolution: 'OURS', values: [] },
    ...{ entityVersion: null, comment: null, ...input },
  });

const phone = async () => readFields(testbed.runtime.pool, 'contact', entityId, ['phone']);

async function recordOf() {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT s.status, f.decision, f.version, f.edited_value AS "editedValue", f.applied,
            (SELECT count(*)::int FROM decision_entry e WHERE e.batch_id = f.batch_id) AS entries
     FROM staged_record_state s JOIN finding f ON f.batch_id = s.batch_id
     WHERE s.batch_id = $1`,
    [batchId],
  );
  expect(rows).toHaveLength(1);
  return rows[0];
}

it('keeps theirs: the entity stays, and what was accepted is rejected', async () => {
  await resolve({ resolution: 'THEIRS' });

  expect(await phone()).toEqual({ phone: '312 555 0199' });
  expect(await recordOf()).toEqual({
    status: null,
    decision: 'REJECTED',
    version: 2,
    editedValue: null,
    applied: false,
    entries: 1,
  });
});

it('takes ours with the next promotion', async () => {
  await resolve({ resolution: 'OURS', entityVersion: 2 });
  expect(await recordOf()).toMatchObject({ status: null, decision: 'ACCEPTED', entries: 1 });

  expect(await promote()).toMatchObject({ status: 'COMPLETED' });

  expect(await phone()).toEqual({ phone: RIGHT_PHONE });
  expect(await recordOf()).toMatchObject({ status: 'PROMOTED', applied: true });
});

it('takes an edited value with the next promotion', async () => {
  await resolve({ resolution: 'EDITED', values: [{ field: 'phone', value: '+13125550199' }] });
  expect(await recordOf()).toMatchObject({ editedValue: '+13125550199' });

  await promote();

  expect(await phone()).toEqual({ phone: '+13125550199' });
});

it('refuses an edited value that the rules refuse, and changes nothing', async () => {
  const before = await recordOf();

  await expect(
    resolve({ resolution: 'EDITED', values: [{ field: 'phone', value: '555' }] }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'input.values.0.value' } });

  expect(await recordOf()).toEqual(before);
});

it.each([
  { resolution: 'EDITED', values: [], field: 'input.values' },
  { resolution: 'OURS', values: [{ field: 'phone', value: '1' }], field: 'input.values' },
  {
    resolution: 'EDITED',
    values: [{ field: 'email', value: 'a@example.com' }],
    field: 'input.values.0.field',
  },
] as const)('refuses $resolution with the values $values', async ({ field, ...input }) => {
  await expect(resolve(input)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { field },
  });
});

it('is a conflict again when the entity is changed once more before the promotion', async () => {
  await resolve({ resolution: 'OURS' });
  await setFields(testbed.runtime.pool, 'contact', entityId, { phone: '312 555 0200' });

  await promote();

  expect(await recordOf()).toMatchObject({ status: 'CONFLICT', applied: false });
  expect(await phone()).toEqual({ phone: '312 555 0200' });
});

it('refuses ours to a reviewer who has seen an older entity', async () => {
  await expect(resolve({ entityVersion: 1 })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { version: 2 },
  });
  expect(await recordOf()).toMatchObject({ status: 'CONFLICT', entries: 0 });
});

it('refuses ours for an entity that is archived', async () => {
  await testbed.runtime.pool.query(`UPDATE third_party SET state = 'ARCHIVED' WHERE id = $1`, [
    entityId,
  ]);
  await expect(resolve({})).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('THEIRS'),
  });
});

it('refuses two values for one field', async () => {
  const values = [
    { field: 'phone', value: '+13125550143' },
    { field: 'phone', value: '+13125550144' },
  ];
  await expect(resolve({ resolution: 'EDITED', values })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { field: 'input.values.1' },
  });
});

it('refuses to resolve twice', async () => {
  await resolve({});
  await expect(resolve({})).rejects.toMatchObject({ code: 'CONFLICT' });
});
