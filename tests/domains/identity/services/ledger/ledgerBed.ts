import type { Pool } from 'pg';
import sql from 'sql-template-tag';

/** An entry of the ledger as the database has it. */
export interface EntryRow {
  readonly entityId: string;
  readonly ruleId: string;
  readonly field: string;
  readonly discriminator: string;
  readonly open: boolean;
  readonly firstSeenBatchId: string;
  readonly lastSeenBatchId: string;
  readonly resolvedBatchId: string | null;
  readonly severity: string;
  readonly entityVersion: number;
  readonly currentValue: string | null;
  /** Of the transaction that wrote the row last. */
  readonly xmin: string;
}

/** All that the ledger has about a workspace, by rule and entity. */
export async function ledgerOf(pool: Pool, workspaceId: string): Promise<EntryRow[]> {
  const { rows } = await pool.query<EntryRow>(sql`
    SELECT entity_id AS "entityId", rule_id AS "ruleId", field, discriminator, open,
           first_seen_batch_id AS "firstSeenBatchId", last_seen_batch_id AS "lastSeenBatchId",
           resolved_batch_id AS "resolvedBatchId", severity, entity_version AS "entityVersion",
           current_value AS "currentValue", xmin::text AS xmin
    FROM ledger_entry WHERE workspace_id = ${workspaceId}
    ORDER BY rule_id, entity_id, field, discriminator`);
  return rows;
}

/** What has happened to the findings of a workspace after they were first seen. */
export async function eventsOf(pool: Pool, workspaceId: string) {
  const { rows } = await pool.query<{ batchId: string; ruleId: string; kind: string }>(sql`
    SELECT batch_id AS "batchId", rule_id AS "ruleId", kind
    FROM ledger_event WHERE workspace_id = ${workspaceId} ORDER BY batch_id, rule_id, entity_id`);
  return rows;
}

/** What an audit has changed in the ledger; null where the ledger does not know it. */
export async function countsOf(pool: Pool, batchId: string) {
  const { rows } = await pool.query(sql`
    SELECT ledger_counts AS counts FROM staged_batch WHERE id = ${batchId}`);
  return rows[0]?.counts;
}
