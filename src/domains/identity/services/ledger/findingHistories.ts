import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import type { DecisionKey } from '../review/decisionLog.ts';
import { type FindingState, findingState, joinLedger } from './findingState.ts';
import { selectLastAudit } from './lastAudit.ts';

/** What the ledger knows of a finding. */
export interface FindingHistory extends DecisionKey {
  readonly state: FindingState;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** What the ledger knows of findings; nothing of imports, and of audits that it does not know (yet). */
export async function listFindingHistories(
  pool: Pool,
  keys: readonly DecisionKey[],
): Promise<readonly FindingHistory[]> {
  const { rows } = await pool.query<FindingHistory>(sql`
    WITH wanted AS MATERIALIZED (
      SELECT f.*, b.workspace_id
      FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
        AS k("batchId" uuid, "rowIndex" int, ordinal int)
      JOIN finding f ON f.batch_id = k."batchId" AND f.row_index = k."rowIndex"
        AND f.ordinal = k.ordinal
      JOIN staged_batch b ON b.id = f.batch_id AND b.ledger_counts IS NOT NULL
    ), last_audit AS MATERIALIZED (
      SELECT w.workspace_id, a.at FROM (SELECT DISTINCT workspace_id FROM wanted) w
      CROSS JOIN LATERAL (${selectLastAudit(sql`w.workspace_id`)}) a
    )
    SELECT f.batch_id AS "batchId", f.row_index AS "rowIndex", f.ordinal,
           ${findingState(sql`f`)} AS state, e.first_seen_at AS "firstSeenAt",
           CASE WHEN e.open THEN l.at ELSE e.last_seen_at END AS "lastSeenAt"
    FROM wanted f JOIN last_audit l USING (workspace_id)
    ${joinLedger(sql`f`, sql`f.workspace_id`)}`);
  return rows;
}
