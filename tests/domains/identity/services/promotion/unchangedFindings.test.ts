import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

const WRONG_PHONE = '(312) 555-0142';
const RIGHT_PHONE = '+13125550142';

let testbed: IdentityTestbed;
let bed: BatchBed;
let actorId: string;
let contactId: string;
/** Two audits that suggest the same. The first was promoted, so the second found it there. */
let [first, second] = ['', ''];

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
  bed = createBatchBed(testbed, actorId);
});
beforeEach(async () => {
  const workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  contactId = await testbed.createEntity(workspaceId, 'contact', {
    familyName: 'Okafor',
    phone: WRONG_PHONE,
  });
  [first, second] = [await bed.audit(workspaceId), await bed.audit(workspaceId)];
  for (const batchId of [first, second]) {
    await acceptFindings(testbed, { batchId, decidedBy: actorId });
    await bed.promote(batchId);
  }
});
afterAll(() => testbed.close());

function decide(decision: 'OPEN' | 'REJECTED') {
  return decideFindings(testbed.runtime.pool, {
    ...{ batchId: second, actorId, decision },
    selection: { filter: { decision: 'ACCEPTED' } },
    ...{ comment: null, waiver: null },
  });
}

async function phone(): Promise<unknown> {
  return (await readFields(testbed.runtime.pool, 'contact', contactId, ['phone'])).phone;
}

it('puts a value that was there already into production when what had put it there is undone', async () => {
  await bed.revert(first);
  expect(await phone()).toBe(WRONG_PHONE);

  expect(await bed.promote(second)).toMatchObject({ applied: 1, unchanged: 0, conflict: 0 });

  expect(await phone()).toBe(RIGHT_PHONE);
  await bed.revert(second);
  expect(await phone()).toBe(WRONG_PHONE);
});

it('leaves a value that is still there alone, and counts it', async () => {
  expect(await bed.promote(second)).toMatchObject({ applied: 1, unchanged: 1 });

  expect(await readFields(testbed.runtime.pool, 'contact', contactId, ['version'])).toEqual({
    version: 2,
  });
  expect(await testbed.untilResting(second)).toMatchObject({ status: 'COMPLETED' });
});

it('overwrites nobody who has changed it since', async () => {
  await setFields(testbed.runtime.pool, 'contact', contactId, { phone: '+13125550199' });

  expect(await bed.promote(second)).toMatchObject({ applied: 0, conflict: 1 });

  expect(await phone()).toBe('+13125550199');
  expect(await testbed.untilResting(second)).toMatchObject({ status: 'READY_FOR_REVIEW' });
});

it('lets people decide anew on what the batch has not changed', async () => {
  expect(await decide('OPEN')).toMatchObject({ decidedCount: 1, skipped: [] });

  expect(await bed.recordStatus(second, 0)).toBeNull();
  await acceptFindings(testbed, { batchId: second, decidedBy: actorId });
  expect(await bed.promote(second)).toMatchObject({ applied: 1, unchanged: 1 });
  expect(await bed.recordStatus(second, 0)).toBe('PROMOTED');
  expect(await decide('REJECTED')).toMatchObject({ decidedCount: 1 });
  await expect(bed.promote(second)).rejects.toMatchObject({ code: 'CONFLICT' });
});

it('still refuses to decide on what the batch has changed', async () => {
  await bed.revert(first);
  await bed.promote(second);

  expect(await decide('OPEN')).toMatchObject({
    decidedCount: 0,
    skipped: [{ reason: 'ALREADY_APPLIED', count: 1 }],
  });
});
