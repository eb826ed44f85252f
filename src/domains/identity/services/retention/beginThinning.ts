import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { CONFIRMED_RULE_IDS } from '../../rules/stale.ts';
import { countFindings, countMatches, countRecords } from '../staging/batchCounts.ts';
import { lockStagedBatchNow } from '../staging/stagedBatch.ts';

/** The statuses in which nobody waits for a batch any more. */
const ENDED = ['COMPLETED', 'CANCELLED', 'FAILED'];

/**
 * Says of a batch that it is thinned, before anything of it is deleted: from then on nothing is
 * decided, promoted, undone or retried in it. Keeps what is still asked for afterwards.
 *
 * @returns whether it may be thinned: somebody may have gone on with it
 */
export function beginThinning(pool: Pool, batchId: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { status, thinnedAt, workspaceId } = await lockStagedBatchNow(client, batchId);
    if (thinnedAt !== null) return true;
    if (!ENDED.includes(status)) return false;
    const findings = await countFindings(pool, [batchId]);
    const records = await countRecords(pool, [batchId]);
    const matches = await countMatches(pool, [batchId]);
    await keepConfirmations(client, workspaceId, batchId);
    await client.query(sql`
      UPDATE staged_batch
      SET thinned_at = now(), updated_at = now(),
          kept_counts = ${JSON.stringify({ findings, records, matches })}::jsonb
      WHERE id = ${batchId}`);
    return true;
  });
}

/** When people last decided on what asks to be confirmed; else all of it would be asked again. */
async function keepConfirmations(
  client: ClientBase,
  workspaceId: string,
  batchId: string,
): Promise<void> {
  await client.query(sql`
    INSERT INTO kept_confirmation AS k (workspace_id, rule_id, entity_id, confirmed_at)
    SELECT ${workspaceId}::uuid, f.rule_id, f.entity_id, max(made.created_at)
    FROM finding f
    JOIN decision_entry entry ON entry.batch_id = f.batch_id AND entry.row_index = f.row_index
      AND entry.ordinal = f.ordinal AND entry.version = f.version
    JOIN decision made ON made.id = entry.decision_id
    WHERE f.batch_id = ${batchId} AND f.rule_id = ANY(${CONFIRMED_RULE_IDS}::text[])
      AND f.decision <> 'OPEN' AND f.entity_id IS NOT NULL
      AND entry.batch_id = ${batchId} AND made.batch_id = ${batchId}
    GROUP BY f.rule_id, f.entity_id
    ON CONFLICT (workspace_id, rule_id, entity_id) DO UPDATE
    SET confirmed_at = greatest(k.confirmed_at, excluded.confirmed_at)`);
}
