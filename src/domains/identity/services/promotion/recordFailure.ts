import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';

/** Keeps why a record could not be promoted. Promoting the batch again tries it again. */
export async function recordFailure(
  client: ClientBase,
  batchId: string,
  rowIndex: number,
  reason: string,
): Promise<PromotedCounts> {
  await client.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, status, reason)
    VALUES (${batchId}, ${rowIndex}, 'FAILED', ${reason})
    ON CONFLICT (batch_id, row_index) DO UPDATE SET status = 'FAILED', reason = excluded.reason`);
  return { ...NOTHING_PROMOTED, failed: 1 };
}
