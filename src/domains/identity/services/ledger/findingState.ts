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

/** Whether a finding `f` was in a state; it is in none where the ledger does not know its batch. */
export function isInState(f: Sql, state: FindingState): Sql {
  return sql`EXISTS (
    SELECT FROM staged_batch b ${joinLedger(f, sql`b.workspace_id`)}
    WHERE b.id = ${f}.batch_id AND b.ledger_counts IS NOT NULL AND ${findingState(f)} = ${state})`;
}
