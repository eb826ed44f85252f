import sql from 'sql-template-tag';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import {
  decideRecords,
  type RecordDecision,
} from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import type { StagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';

/** Imports of contacts into a workspace, decided on by a reviewer and promoted by somebody else. */
export function createImportBed(
  testbed: IdentityTestbed,
  { workspaceId, actorId, reviewerId }: Record<'workspaceId' | 'actorId' | 'reviewerId', string>,
) {
  const { pool, ingestion, promotion } = testbed.runtime;

  async function importRows(
    rows: readonly StagedRow['rawData'][],
    {
      entityType = 'contact',
      autoPromote = false,
    }: Partial<StagedRow> & { autoPromote?: boolean } = {},
  ): Promise<string> {
    const { batch } = await ingestion.ingestStagedBatch({
      ...{ workspaceId, createdBy: actorId, title: 'Import', sourceType: 'API_IMPORT' },
      ...{ profile: `${entityType}Import`, autoPromote },
      rows: rows.map((rawData) => ({ entityType, rawData })),
    });
    await testbed.untilResting(batch.id);
    return batch.id;
  }

  async function decide(
    batchId: string,
    decision: RecordDecision,
    rowIndexes?: readonly number[],
  ): Promise<void> {
    const keys = rowIndexes?.map((rowIndex) => ({ rowIndex, version: null }));
    await decideRecords(pool, {
      ...{ batchId, decision, actorId: reviewerId, comment: null },
      selection: keys ? { keys } : { filter: {} },
    });
  }

  async function promote(batchId: string): Promise<StagedBatch> {
    await promotion.promoteStagedBatch({ batchId, actorId });
    return testbed.untilResting(batchId);
  }

  return {
    importRows,
    decide,
    promote,
    /** Imports rows, accepts all of them and promotes them. */
    async importAndPromote(rows: readonly StagedRow['rawData'][]): Promise<string> {
      const batchId = await importRows(rows);
      await decide(batchId, 'ACCEPTED');
      await promote(batchId);
      return batchId;
    },
    async statuses(batchId: string) {
      const { rows } = await pool.query<{ status: string | null; reason: string | null }>(sql`
        SELECT s.status, s.reason
        FROM staged_record r LEFT JOIN staged_record_state s USING (batch_id, row_index)
        WHERE r.batch_id = ${batchId} ORDER BY row_index`);
      return rows;
    },
    /** The changes that a batch has made, in the order of their versions. */
    async changes(batchId: string) {
      const { rows } = await pool.query(sql`
        SELECT kind, version, before, after, entity_id AS "entityId" FROM entity_change
        WHERE batch_id = ${batchId} ORDER BY row_index, version`);
      return rows;
    },
    async lastCounts(batchId: string) {
      const { rows } = await pool.query(sql`
        SELECT counts FROM batch_run WHERE batch_id = ${batchId} ORDER BY id DESC LIMIT 1`);
      return rows[0].counts;
    },
  };
}

export type ImportBed = ReturnType<typeof createImportBed>;
