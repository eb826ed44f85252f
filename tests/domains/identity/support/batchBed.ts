import { expect } from 'vitest';
import type { AuditMode } from '../../../../src/domains/identity/generated/prisma/enums.ts';
import type { RevertPromotionInput } from '../../../../src/domains/identity/services/reversal/reversalService.ts';
import type { StagedBatch } from '../../../../src/domains/identity/services/staging/stagedBatch.ts';
import type { IdentityTestbed } from './identityTestbed.ts';

/** What became of how many in a run. */
export type Counts = Readonly<Record<string, number>>;

/** What a reversal did about one change. */
export interface Entry {
  readonly outcome: string;
  readonly reason: string | null;
  readonly blockedBy: string | null;
  readonly entityId: string;
}

/** Batches that one person audits, promotes and undoes, each to its end; takes a worker. */
export function createBatchBed(testbed: IdentityTestbed, actorId: string) {
  const { pool } = testbed.runtime;

  async function countsOf(runId: string): Promise<Counts> {
    const { rows } = await pool.query('SELECT counts, finished_at FROM batch_run WHERE id = $1', [
      runId,
    ]);
    expect(rows[0].finished_at).not.toBeNull();
    return rows[0].counts;
  }

  return {
    async audit(workspaceId: string, mode?: AuditMode): Promise<string> {
      const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
        workspaceId,
        createdBy: actorId,
        mode,
      });
      await testbed.untilResting(batch.id);
      return batch.id;
    },
    async promote(batchId: string, by = actorId): Promise<Counts> {
      const { runId } = await testbed.runtime.promotion.promoteStagedBatch({
        batchId,
        actorId: by,
      });
      await testbed.untilResting(batchId);
      return countsOf(runId);
    },
    async revert(
      batchId: string,
      scope: Partial<RevertPromotionInput> = {},
    ): Promise<{ batch: StagedBatch; counts: Counts; entries: readonly Entry[] }> {
      const runId = await testbed.runtime.reversal.revertPromotion({ batchId, actorId, ...scope });
      const batch = await testbed.untilResting(batchId);
      const { rows: entries } = await pool.query<Entry>(
        `SELECT e.outcome, e.reason, e.blocked_by AS "blockedBy", c.entity_id AS "entityId"
         FROM reversal_entry e JOIN entity_change c ON c.id = e.change_id
         WHERE e.run_id = $1 ORDER BY e.change_id`,
        [runId],
      );
      return { batch, counts: await countsOf(runId), entries };
    },
    async recordStatus(batchId: string, rowIndex: number): Promise<string | null | undefined> {
      const { rows } = await pool.query(
        'SELECT status FROM staged_record_state WHERE batch_id = $1 AND row_index = $2',
        [batchId, rowIndex],
      );
      return rows[0]?.status;
    },
  };
}

export type BatchBed = ReturnType<typeof createBatchBed>;
