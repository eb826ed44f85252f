import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { beginThinning } from './beginThinning.ts';
import { deleteBatchRows } from './deleteBatchRows.ts';

/** Any number will do that nothing else uses as an advisory lock: "drc3" in ASCII. */
const RETENTION_LOCK = 0x64_72_63_33;

export interface RetentionService {
  /**
   * Thins the batches that came to an end longer ago than their workspace keeps them: their records,
   * findings and decisions go; the batch stays, with its certificate, its counts and its runs, as do
   * history, ledger, waivers and scores. Only one process at a time does this, and goes on where
   * another was killed. A batch with which it fails is logged, and left for the next pass.
   *
   * @param signal - to stop after the part that is being deleted
   */
  readonly thinOldBatches: (signal?: AbortSignal) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly logger: Logger;
}

export function createRetentionService({ pool, logger }: Dependencies): RetentionService {
  const thinBatch = async (batchId: string, signal: AbortSignal | undefined): Promise<void> => {
    if (!(await beginThinning(pool, batchId))) return;
    if (!(await deleteBatchRows(pool, batchId, signal))) return;
    logger.info({ batchId }, 'thinned an old batch');
  };
  return {
    thinOldBatches: (signal) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ locked: boolean }>(sql`
          SELECT pg_try_advisory_xact_lock(${RETENTION_LOCK}) AS locked`);
        if (!rows[0]?.locked) return;
        for (const batchId of await findOldBatches(pool)) {
          if (signal?.aborted) return;
          // One that can't be thinned keeps nobody else's.
          await thinBatch(batchId, signal).catch((error: unknown) => {
            logger.warn(
              { batchId, err: error },
              'could not thin a batch; the next pass tries again',
            );
          });
        }
      }),
  };
}

/**
 * Those that are due, and those whose thinning was begun: the steps go last. What a change of the
 * configuration is tested against stays: the last full audit of a workspace. Archived workspaces keep
 * nothing for longer: what was promised about personal data holds there too.
 */
async function findOldBatches(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(sql`
    SELECT b.id FROM staged_batch b JOIN workspace w ON w.id = b.workspace_id
    WHERE b.thinned_at IS NULL AND b.status IN ('COMPLETED', 'CANCELLED', 'FAILED')
      AND b.finished_at < now() - make_interval(days => w.retention_days)
      AND b.id IS DISTINCT FROM (
        SELECT a.id FROM staged_batch a
        WHERE a.workspace_id = b.workspace_id AND a.certificate IS NOT NULL AND a.mode = 'FULL'
        ORDER BY a.id DESC LIMIT 1)
      OR b.thinned_at IS NOT NULL
        AND EXISTS (SELECT FROM staged_batch_step s WHERE s.batch_id = b.id)
    ORDER BY b.id`);
  return rows.map(({ id }) => id);
}
