import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateWorkspace } from '../../../../../src/domains/identity/services/configuration/updateWorkspace.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed, type ImportBed } from './importBed.ts';

let testbed: IdentityTestbed;
let bed: ImportBed;
let workspaceId: string;
let actorId: string;
let reviewerId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  actorId = await testbed.createUser('promoter');
  reviewerId = await testbed.createUser('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
  bed = createImportBed(testbed, { workspaceId, actorId, reviewerId });
});
afterAll(() => testbed.close());

const wantFourEyes = () =>
  updateWorkspace(testbed.runtime.pool, { workspaceId, fourEyes: true, actorId });

async function count(table: string): Promise<number> {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT count(*)::int AS count FROM ${table} WHERE workspace_id = $1`,
    [workspaceId],
  );
  return rows[0].count;
}

it('is refused where two people are wanted, before anything is written', async () => {
  await wantFourEyes();

  await expect(
    bed.importRows([{ familyName: 'Ada' }], { autoPromote: true }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'autoPromote' } });

  expect(await count('staged_batch')).toBe(0);
});

describe('where two people are wanted only after the import', () => {
  async function importBeforeFourEyes(): Promise<string> {
    const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
      ...{ workspaceId, createdBy: actorId, title: 'Import', sourceType: 'API_IMPORT' },
      ...{ profile: 'contactImport', autoPromote: true },
      rows: [{ entityType: 'contact', rawData: { familyName: 'Ada' } }],
    });
    await wantFourEyes();
    const attempt = { batchId: batch.id, attempt: batch.attempt };
    await testbed.runtime.processing.runStep(attempt, { kind: 'PROCESS_RANGE', stepIndex: 0 });
    await testbed.runtime.processing.advance(attempt);
    return batch.id;
  }

  it('rests for review instead', async () => {
    const batchId = await importBeforeFourEyes();

    expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });
    expect(await count('third_party')).toBe(0);
  });

  it('promotes nothing either that nobody has decided on', async () => {
    const batchId = await importBeforeFourEyes();

    await expect(
      testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
