import sql, { type Sql } from 'sql-template-tag';
import { hasSameKey, isEntryOf } from './ledgerKey.ts';

/** Where a finding stood in the ledger when its audit was done. */
export type FindingState = 'NEW' | 'PERSISTING' | 'REGRESSED';

/** Joins the entry `e` of a finding `f` of a workspace, and the event `v` by which its audit reopened it. */
export function joinLedger(f: Sql, workspaceId: Sql): Sql {
  return sql`
    JOIN ledger_entry e ON ${isEntryOf(sql`e`, f, workspaceId)}
    LEFT JOIN ledger_event v ON ${hasSameKey(sql`v`, sql`e`)} AND v.batch_id = ${f}.batch_id
      AND v.kind = 'REGRESSED'`;
}

/** The state of a finding `f` in its audit, of what {@link joinLedger} joins. */
export function findingState(f: Sql): Sql {
  return sql`CASE WHEN e.first_seen_batch_id = ${f}.batch_id THEN 'NEW'
                  WHEN v.batch_id IS NOT NULL THEN 'REGRESSED' ELSE 'PERSISTING' END`;
}

/**
 * Whether a finding `f` of a batch was in a state; it was in none where the ledger does not know the
 * batch. Asked row by row, by primary keys: the planner turns EXISTS into a join, and without
 * statistics of a ledger that has just been filled it goes through all of it for each finding.
 */
export function isInState(f: Sql, batchId: string, state: FindingState): Sql {
  const workspaceId = sql`(
    SELECT workspace_id FROM staged_batch WHERE id = ${batchId} AND ledger_counts IS NOT NULL)`;
  const isEntry = isEntryOf(sql`e`, f, workspaceId);
  const firstSeen = sql`(SELECT e.first_seen_batch_id FROM ledger_entry e WHERE ${isEntry})`;
  const event = sql`(
    SELECT e.kind FROM ledger_event e WHERE ${isEntry} AND e.batch_id = ${batchId})`;
  switch (state) {
    case 'NEW':
      return sql`${firstSeen} = ${batchId}`;
    case 'REGRESSED':
      return sql`${event} = 'REGRESSED'`;
    case 'PERSISTING':
      return sql`(${firstSeen} <> ${batchId} AND ${event} IS NULL)`;
  }
}
