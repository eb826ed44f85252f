import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { createThrough, readFields, setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('Reva Reviewer');
  bed = createBatchBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const audit = () => bed.audit(workspaceId);

async function importRows(
  profile: string,
  rows: readonly { readonly entityType: EntityType; readonly rawData: Record<string, unknown> }[],
): Promise<{ batchId: string; ids: readonly string[] }> {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    workspaceId,
    createdBy: actorId,
    title: 'Spring import',
    sourceType: 'API_IMPORT',
    profile,
    autoPromote: true,
    rows,
  });
  await testbed.untilResting(batch.id);
  const { rows: changes } = await testbed.runtime.pool.query(
    'SELECT entity_id FROM entity_change WHERE batch_id = $1 ORDER BY row_index',
    [batch.id],
  );
  return { batchId: batch.id, ids: changes.map((change) => String(change.entity_id)) };
}

function read(entityType: EntityType, id: string, fields: readonly string[]) {
  return readFields(testbed.runtime.pool, entityType, id, fields);
}

describe('the creations of an import', () => {
  const contacts = [
    { entityType: 'contact', rawData: { familyName: 'Meier', externalId: 'C-1' } },
    { entityType: 'contact', rawData: { familyName: 'Okafor', externalId: 'C-2' } },
  ] as const;

  it('are archived', async () => {
    const { batchId, ids } = await importRows('contactImport', contacts);

    const { batch, counts } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 2, kept: 0, errored: 0 });
    expect(batch.status).toBe('COMPLETED');
    for (const id of ids) {
      expect(await read('contact', id, ['state', 'version'])).toEqual({
        state: 'ARCHIVED',
        version: 2,
      });
    }
  });

  it('are kept while an active site refers to them', async () => {
    const { batchId, ids } = await importRows('contactImport', contacts);
    const siteId = await testbed.createEntity(workspaceId, 'site', {
      name: 'Depot',
      ownerId: String(ids[0]),
    });

    const { counts, entries } = await bed.revert(batchId);

    expect(counts).toEqual({ reversed: 1, kept: 1, errored: 0 });
    expect(entries).toContainEqual(
      expect.objectContaining({
        outcome: 'KEPT',
        blockedBy: null,
        reason: `The site ${siteId} refers to it.`,
      }),
    );
    await setFields(testbed.runtime.pool, 'site', siteId, { state: 'ARCHIVED' });
    expect((await bed.revert(batchId)).counts).toMatchObject({ reversed: 1, kept: 0 });
  });

  it('are archived together with what refers to them, where that is undone too', async () => {
    for (const _row of [0, 1, 2])
      await testbed.createEntity(workspaceId, 'contact', { familyName: 'Okafor' });
    const batchId = await audit();
    const create = (
      rowIndex: number,
      entityType: EntityType,
      set: Record<string, string | null>,
    ): Promise<string> =>
      createThrough(testbed, workspaceId, { batchId, rowIndex, actorId, entityType, set });
    const ownerId = await create(0, 'contact', { familyName: 'Meier' });
    const siteId = await create(1, 'site', { name: 'Depot', ownerId });
    await create(2, 'device', { siteId });

    expect((await bed.revert(batchId, { rowIndexes: [0, 1] })).counts).toEqual({
      reversed: 0,
      kept: 2,
      errored: 0,
    });
    expect((await bed.revert(batchId)).counts).toEqual({ reversed: 3, kept: 0, errored: 0 });
  });
});
