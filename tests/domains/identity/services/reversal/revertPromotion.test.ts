import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { changeThrough, readFields } from '../../support/changes.ts';
import {
  createIdentityTestbed,
  type IdentityTestbed,
  QUEUES,
} from '../../support/identityTestbed.ts';

describe.each(QUEUES)('with the queue in $queue,', ({ redisUrl }) => {
  let testbed: IdentityTestbed;
  let bed: BatchBed;
  let actorId: string;
  let workspaceId: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    await testbed.startWorker();
    actorId = await testbed.createUser('Reva Reviewer');
    bed = createBatchBed(testbed, actorId);
  });
  beforeEach(async () => {
    workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  });
  afterAll(() => testbed.close());

  const audit = () => bed.audit(workspaceId);

  function read(entityType: EntityType, id: string, fields: readonly string[]) {
    return readFields(testbed.runtime.pool, entityType, id, fields);
  }

  const phone = { familyName: 'Okafor', phone: '(312) 555-0142' };
  const change = (batchId: string, entityId: string, set: Record<string, string | null>) =>
    changeThrough(testbed, {
      batchId,
      rowIndex: 0,
      actorId,
      entityType: 'contact',
      entityId,
      set,
    });

  it('leaves a cancelled batch cancelled', async () => {
    await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await acceptFindings(testbed, { batchId, decidedBy: actorId });
    await bed.promote(batchId);
    await testbed.runtime.pool.query(`UPDATE staged_batch SET status = 'CANCELLED' WHERE id = $1`, [
      batchId,
    ]);

    const { batch, counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 1, kept: 0, errored: 0 });
    expect(batch.status).toBe('CANCELLED');
  });

  it('takes only records whose findings are decided as a filter says', async () => {
    await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await acceptFindings(testbed, { batchId, decidedBy: actorId });
    await bed.promote(batchId);
    const reverse = (decision: 'ACCEPTED' | 'REJECTED') =>
      testbed.runtime.reversal.previewReversal({ batchId, actorId, filter: { decision } });

    expect(await reverse('REJECTED')).toMatchObject({ counts: { reversed: 0 } });
    expect(await reverse('ACCEPTED')).toMatchObject({ counts: { reversed: 1 } });
  });

  it('gives back what a promotion changed, and writes it into the history', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await testbed.runtime.pool.query(
      `UPDATE finding SET decision = 'ACCEPTED', applied = true WHERE batch_id = $1`,
      [batchId],
    );
    const changeId = await change(batchId, id, { phone: '+13125550142', givenName: 'Ada' });

    const { batch, counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 1, kept: 0, errored: 0 });
    expect(batch.status).toBe('COMPLETED');
    expect(await read('contact', id, ['phone', 'givenName', 'version'])).toEqual({
      phone: phone.phone,
      givenName: null,
      version: 3,
    });
    const { rows } = await testbed.runtime.pool.query(
      `SELECT version, kind, before, after, reverts_id, reverted FROM entity_change
       WHERE entity_id = $1 ORDER BY version`,
      [id],
    );
    expect(rows).toEqual([
      expect.objectContaining({ version: 2, kind: 'UPDATED', reverted: true }),
      {
        version: 3,
        kind: 'REVERTED',
        before: { phone: '+13125550142', givenName: 'Ada' },
        after: { phone: phone.phone, givenName: null },
        reverts_id: changeId,
        reverted: false,
      },
    ]);
    expect(await bed.recordStatus(batchId, 0)).toBe('REVERTED');
    const { rows: findings } = await testbed.runtime.pool.query(
      'SELECT applied FROM finding WHERE batch_id = $1',
      [batchId],
    );
    expect(findings).toEqual([{ applied: false }]);
  });

  it('gives back values of every type', async () => {
    const siteId = await testbed.createEntity(workspaceId, 'site', { name: 'A', latitude: 41.5 });
    const deviceId = await testbed.createEntity(workspaceId, 'device', { siteId });
    const batchId = await audit();
    const base = { batchId, actorId };
    await changeThrough(testbed, {
      ...base,
      rowIndex: 0,
      entityType: 'site',
      entityId: siteId,
      set: { latitude: null, name: '  ' },
    });
    await changeThrough(testbed, {
      ...base,
      rowIndex: 1,
      entityType: 'device',
      entityId: deviceId,
      set: { siteId: null, status: 'RETIRED', installedOn: '2026-02-03' },
    });

    await bed.revert(batchId);

    expect(await read('site', siteId, ['latitude', 'name'])).toEqual({ latitude: 41.5, name: 'A' });
    expect(await read('device', deviceId, ['siteId', 'status', 'installedOn'])).toEqual({
      siteId,
      status: 'ACTIVE',
      installedOn: null,
    });
  });

  it('goes back step by step over what a batch changed twice', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await change(batchId, id, { phone: '1' });
    await change(batchId, id, { phone: '2', givenName: 'Ada' });

    const { counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 2, kept: 0, errored: 0 });
    expect(await read('contact', id, ['phone', 'givenName'])).toEqual({
      phone: phone.phone,
      givenName: null,
    });
  });

  it('changes nothing more when it is run again', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await change(batchId, id, { phone: '+13125550142' });
    await bed.revert(batchId);

    const { counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 0, kept: 0, errored: 0 });
    expect(await read('contact', id, ['phone', 'version'])).toEqual({
      phone: phone.phone,
      version: 3,
    });
  });

  it('undoes only the records that are named, or that a filter lets through', async () => {
    const ids = await Promise.all(
      ['1', '2'].map((suffix) =>
        testbed.createEntity(workspaceId, 'contact', { ...phone, familyName: suffix }),
      ),
    );
    const batchId = await audit();
    for (const [rowIndex, entityId] of [...ids].sort().entries()) {
      await changeThrough(testbed, {
        batchId,
        rowIndex,
        actorId,
        entityType: 'contact',
        entityId,
        set: { givenName: 'Ada' },
      });
    }

    expect(
      (await bed.revert(batchId, { filter: { ruleId: 'contact.country.unknown' } })).counts,
    ).toEqual({
      reversed: 0,
      kept: 0,
      errored: 0,
    });
    expect((await bed.revert(batchId, { rowIndexes: [1] })).counts).toMatchObject({ reversed: 1 });
    expect(await bed.recordStatus(batchId, 0)).toBe('PROMOTED');
    expect(
      (await bed.revert(batchId, { filter: { ruleId: 'contact.phone.format' } })).counts,
    ).toMatchObject({ reversed: 1 });
    await expect(bed.revert(batchId, { rowIndexes: [1], filter: {} })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('says what it would do, and changes nothing', async () => {
    const id = await testbed.createEntity(workspaceId, 'contact', phone);
    const batchId = await audit();
    await change(batchId, id, { phone: '+13125550142' });

    const { counts } = await testbed.runtime.reversal.previewReversal({ batchId, actorId });

    expect(counts).toEqual({ reversed: 1, kept: 0, errored: 0 });
    expect(await read('contact', id, ['phone', 'version'])).toEqual({
      phone: '+13125550142',
      version: 2,
    });
    const { rows } = await testbed.runtime.pool.query(
      `SELECT (SELECT count(*)::int FROM batch_run WHERE batch_id = $1) AS runs,
              (SELECT count(*)::int FROM entity_change WHERE batch_id = $1) AS changes`,
      [batchId],
    );
    expect(rows).toEqual([{ runs: 0, changes: 1 }]);
  });

  it('goes on past a change that the database refuses to undo', async () => {
    const owner = await testbed.createEntity(workspaceId, 'contact', phone);
    const sites = await Promise.all(
      ['A', 'B', 'C'].map((name) =>
        testbed.createEntity(
          workspaceId,
          'site',
          name === 'B' ? { name, ownerId: owner } : { name },
        ),
      ),
    );
    const batchId = await audit();
    for (const [index, entityId] of sites.entries()) {
      await changeThrough(testbed, {
        batchId,
        rowIndex: index + 1,
        actorId,
        entityType: 'site',
        entityId,
        set: { ownerId: null, region: 'IL' },
      });
    }
    await testbed.runtime.pool.query('DELETE FROM third_party WHERE id = $1', [owner]);

    const { counts, entries } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 2, kept: 0, errored: 1 });
    expect(entries.filter(({ outcome }) => outcome === 'ERRORED')).toMatchObject([
      { reason: expect.stringContaining('foreign key') },
    ]);
  });
});
