import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import { activeEntities } from '../../../../../src/domains/identity/services/staging/activeEntities.ts';
import { createAuditRunnerService } from '../../../../../src/domains/identity/services/staging/auditRunnerService.ts';
import type {
  IngestedBatch,
  IngestStagedBatchInput,
} from '../../../../../src/domains/identity/services/staging/ingestionService.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

const idsByType: Record<string, string[]> = {};

vi.mock(
  import('../../../../../src/domains/identity/services/staging/activeEntities.ts'),
  async (importOriginal) => {
    const original = await importOriginal();
    return { ...original, activeEntities: vi.fn(original.activeEntities) };
  },
);

describe('with the queries for ids and ingestion mocked', () => {
  const ingested: IngestedBatch = {
    batch: {
      id: 'batch-1',
      workspaceId: 'workspace-1',
      createdById: 'user-1',
      title: 'Data audit',
      sourceType: 'DATA_AUDIT',
      profile: 'dataAudit',
      autoPromote: false,
      status: 'QUEUED',
      failureReason: null,
      recordCount: 4,
      processedCount: 0,
      attempt: 1,
      mode: 'FULL',
      baseBatchId: null,
      thinnedAt: null,
    },
    recordCount: 4,
  };
  const rows: StagedRow[] = [];
  const ingestStagedBatch = vi.fn(async (input: IngestStagedBatchInput) => {
    rows.length = 0;
    for await (const row of input.rows) rows.push(row);
    return ingested;
  });
  const client = {
    query: vi.fn(async () => ({ rows: [{ snapshot: '10:20:' }] })),
    release: vi.fn(),
  };
  const snapshotPool = { connect: async () => client } as unknown as Pool;
  const { triggerDataAudit } = createAuditRunnerService({ snapshotPool, ingestStagedBatch });

  beforeEach(() => {
    vi.clearAllMocks();
    Object.assign(idsByType, { contact: ['c1', 'c2'], site: ['s1'], device: ['d1'] });
    vi.mocked(activeEntities).mockImplementation(async function* (_client, _workspace, type) {
      yield (idsByType[type] ?? []).map((id) => ({ id, unchanged: false }));
    });
  });

  it('sends all ids through one call of ingestStagedBatch', async () => {
    const result = await triggerDataAudit({ workspaceId: 'workspace-1', createdBy: 'user-1' });

    expect(result).toEqual({ batch: ingested.batch, recordCount: 4 });
    expect(ingestStagedBatch).toHaveBeenCalledTimes(1);
    expect(ingestStagedBatch).toHaveBeenCalledWith(
      expect.objectContaining({
        workspaceId: 'workspace-1',
        createdBy: 'user-1',
        title: `Data audit — ${new Date().toISOString().slice(0, 10)}`,
        sourceType: 'DATA_AUDIT',
        profile: 'dataAudit',
        autoPromote: false,
        snapshot: '10:20:',
      }),
    );
  });

  it('maps each entity to a row that names its type, id and workspace', async () => {
    await triggerDataAudit({ workspaceId: 'workspace-1', createdBy: 'user-1' });

    const row = (entityType: string, entityId: string) => ({
      entityType,
      rawData: { entityType, entityId, workspaceId: 'workspace-1' },
    });
    expect(rows).toEqual([
      row('contact', 'c1'),
      row('contact', 'c2'),
      row('site', 's1'),
      row('device', 'd1'),
    ]);
  });

  it('asks for contacts, sites and devices of the workspace apart from each other', async () => {
    await triggerDataAudit({ workspaceId: 'workspace-1', createdBy: 'user-1' });

    const asked = vi
      .mocked(activeEntities)
      .mock.calls.map(([, workspace, type]) => [workspace, type]);
    expect(asked).toEqual([
      ['workspace-1', 'contact'],
      ['workspace-1', 'site'],
      ['workspace-1', 'device'],
    ]);
  });

  it('takes a title of the caller', async () => {
    await triggerDataAudit({ workspaceId: 'w', createdBy: 'u', title: 'Before the migration' });

    expect(ingestStagedBatch.mock.calls[0]?.[0].title).toBe('Before the migration');
  });

  it('trims the title', async () => {
    await triggerDataAudit({ workspaceId: 'w', createdBy: 'u', title: '  Before \n' });

    expect(ingestStagedBatch.mock.calls[0]?.[0].title).toBe('Before');
  });

  it.each(['', ' \t', 'x'.repeat(201)])('refuses the title %j', async (title) => {
    await expect(
      triggerDataAudit({ workspaceId: 'w', createdBy: 'u', title }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'input.title' } });
    expect(ingestStagedBatch).not.toHaveBeenCalled();
  });

  it('throws for an empty workspace before anything is created', async () => {
    Object.assign(idsByType, { contact: [], site: [], device: [] });

    await expect(triggerDataAudit({ workspaceId: 'w', createdBy: 'u' })).rejects.toMatchObject({
      code: 'EMPTY_WORKSPACE',
      message: expect.stringContaining('no active contact, site or device'),
    });
    expect(ingestStagedBatch).not.toHaveBeenCalled();
  });

  it('re-throws what ingestion throws', async () => {
    const failure = new Error('the queue is away');
    ingestStagedBatch.mockRejectedValueOnce(failure);

    await expect(triggerDataAudit({ workspaceId: 'w', createdBy: 'u' })).rejects.toBe(failure);
  });
});

describe('on PostgreSQL', () => {
  let testbed: IdentityTestbed;

  beforeAll(async () => {
    const original = await vi.importActual<
      typeof import('../../../../../src/domains/identity/services/staging/activeEntities.ts')
    >('../../../../../src/domains/identity/services/staging/activeEntities.ts');
    vi.mocked(activeEntities).mockImplementation(original.activeEntities);
    testbed = await createIdentityTestbed();
  });
  afterAll(() => testbed.close());

  it('stages every active entity of the workspace, and of no other', async () => {
    const createdBy = await testbed.createUser('editor');
    const workspaceId = await testbed.createWorkspace();
    const elsewhere = await testbed.createWorkspace();
    const contact = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Alt', state: 'ARCHIVED' });
    const site = await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
    const device = await testbed.createEntity(workspaceId, 'device', { serialNumber: 'A1' });
    await testbed.createEntity(elsewhere, 'contact', { familyName: 'Other' });

    const { batch, recordCount } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });

    expect(recordCount).toBe(3);
    expect(batch).toMatchObject({
      workspaceId,
      createdById: createdBy,
      sourceType: 'DATA_AUDIT',
      profile: 'dataAudit',
      autoPromote: false,
      status: 'QUEUED',
      recordCount: 3,
    });
    const { rows } = await testbed.runtime.pool.query(
      'SELECT raw_data FROM staged_record WHERE batch_id = $1 ORDER BY row_index',
      [batch.id],
    );
    expect(rows.map((row) => row.raw_data)).toEqual([
      { entityType: 'contact', entityId: contact, workspaceId },
      { entityType: 'site', entityId: site, workspaceId },
      { entityType: 'device', entityId: device, workspaceId },
    ]);
  });

  it('records the snapshot that the ids were read in', async () => {
    const createdBy = await testbed.createUser('editor');
    const workspaceId = await testbed.createWorkspace();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });

    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });

    const { rows } = await testbed.runtime.pool.query(
      'SELECT pg_snapshot_xmin(snapshot::pg_snapshot) IS NOT NULL AS readable FROM staged_batch WHERE id = $1',
      [batch.id],
    );
    expect(rows).toEqual([{ readable: true }]);
  });

  it('creates nothing for an empty workspace', async () => {
    const createdBy = await testbed.createUser('editor');
    const workspaceId = await testbed.createWorkspace();

    await expect(
      testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy }),
    ).rejects.toMatchObject({ code: 'EMPTY_WORKSPACE' });

    const { rowCount } = await testbed.runtime.pool.query(
      'SELECT FROM staged_batch WHERE workspace_id = $1',
      [workspaceId],
    );
    expect(rowCount).toBe(0);
  });

  it('stages more audits at the same instant than there are connections', async () => {
    const createdBy = await testbed.createUser('editor');
    const workspaceIds = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const workspaceId = await testbed.createWorkspace();
        await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
        return workspaceId;
      }),
    );

    const audits = await Promise.all(
      workspaceIds.map((workspaceId) =>
        testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy }),
      ),
    );

    expect(audits.every(({ batch }) => batch.status === 'QUEUED')).toBe(true);
  });

  it('gives two triggers at the same instant one batch and one AUDIT_IN_PROGRESS', async () => {
    const createdBy = await testbed.createUser('editor');
    const workspaceId = await testbed.createWorkspace();
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
    const trigger = () => testbed.runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });

    const outcomes = await Promise.allSettled([trigger(), trigger()]);

    const started = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(started).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({
      code: 'AUDIT_IN_PROGRESS',
      details: { batchId: started[0]?.value.batch.id },
    });
  });
});
