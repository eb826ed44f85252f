import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { resolveConflict } from '../../../../../src/domains/identity/services/promotion/resolveConflict.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createMergeBed, type MergeBed } from './mergeBed.ts';

let testbed: IdentityTestbed;
let batches: BatchBed;
let bed: MergeBed;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
  batches = createBatchBed(testbed, actorId);
  bed = createMergeBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const audit = () => batches.audit(workspaceId);
const twins = () => bed.twins(workspaceId);

function read(entityType: EntityType, id: string, fields: readonly string[]) {
  return readFields(testbed.runtime.pool, entityType, id, fields);
}

it('merges nothing when a member has changed since the audit, until that is resolved', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  await setFields(testbed.runtime.pool, 'contact', loser, { givenName: 'Eva' });

  expect(await batches.promote(batchId)).toMatchObject({ merged: 0, conflict: 1 });

  expect(await read('contact', loser, ['state', 'givenName'])).toEqual({
    state: 'ACTIVE',
    givenName: 'Eva',
  });
  const { rows } = await testbed.runtime.pool.query(
    `SELECT row_index, reason FROM staged_record_state WHERE batch_id = $1 AND status = 'CONFLICT'`,
    [batchId],
  );
  expect(rows).toEqual([
    { row_index: expect.any(Number), reason: expect.stringContaining('now it is version 2') },
  ]);
  await resolveConflict(testbed.runtime.pool, {
    batchId,
    rowIndex: rows[0].row_index,
    actorId,
    resolution: 'OURS',
    values: [],
    entityVersion: null,
    comment: null,
  });
  expect(await batches.promote(batchId)).toMatchObject({ merged: 1 });
});

it('merges what another batch has changed since the audit and that was undone again', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  const other = await audit();
  await bed.merge(other, loser, [survivor]);
  await batches.promote(other);
  await batches.revert(other);

  expect(await batches.promote(batchId)).toMatchObject({ merged: 1, conflict: 0 });

  expect(await read('contact', loser, ['state', 'mergedIntoId'])).toEqual({
    state: 'MERGED',
    mergedIntoId: survivor,
  });
});

it('leaves what else is in conflict on a member to be resolved', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  await testbed.runtime.pool.query(
    `INSERT INTO staged_record_state (batch_id, row_index, status, reason)
     SELECT batch_id, row_index, 'CONFLICT', 'It was archived.' FROM staged_record
     WHERE batch_id = $1 AND entity_id = $2`,
    [batchId, loser],
  );

  expect(await batches.promote(batchId)).toMatchObject({ merged: 1 });

  const { rows } = await testbed.runtime.pool.query(
    `SELECT status, reason FROM staged_record_state
     WHERE batch_id = $1 AND status <> 'PROMOTED'`,
    [batchId],
  );
  expect(rows).toEqual([{ status: 'CONFLICT', reason: 'It was archived.' }]);
});

it('gives a merge up when its conflict is resolved for them', async () => {
  const [survivor, loser] = await twins();
  const batchId = await audit();
  await bed.merge(batchId, survivor, [loser]);
  await setFields(testbed.runtime.pool, 'contact', loser, { givenName: 'Eva' });
  await batches.promote(batchId);
  const { rows } = await testbed.runtime.pool.query(
    `SELECT row_index FROM staged_record_state WHERE batch_id = $1 AND status = 'CONFLICT'`,
    [batchId],
  );

  await resolveConflict(testbed.runtime.pool, {
    batchId,
    rowIndex: rows[0].row_index,
    actorId,
    resolution: 'THEIRS',
    values: [],
    entityVersion: null,
    comment: null,
  });

  expect(await bed.findings(batchId)).toMatchObject([
    { decision: 'REJECTED' },
    { decision: 'REJECTED' },
  ]);
  expect(await read('contact', loser, ['state'])).toEqual({ state: 'ACTIVE' });
});
