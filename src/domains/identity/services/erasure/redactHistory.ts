import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { Erasure } from './erasePerson.ts';
import { selectLentValues } from './lentValues.ts';

/** Redacts the history and the ledger of a person: they keep who did what and when, and no values. */
export async function redactHistory(client: ClientBase, erasure: Erasure): Promise<void> {
  const { workspaceId, contactIds, text } = erasure;
  const ofPerson = sql`workspace_id = ${workspaceId} AND entity_type = 'contact'
    AND entity_id = ANY(${contactIds}::uuid[])`;
  await redactMergedInto(client, erasure);
  await client.query(sql`
    UPDATE entity_change SET before = NULL, after = NULL WHERE ${ofPerson}`);
  // A value that the database refused stands in its message.
  await client.query(sql`
    UPDATE reversal_entry SET reason = ${text}
    WHERE reason IS NOT NULL AND outcome = 'ERRORED' AND run_id IN (
      SELECT run.id FROM batch_run run JOIN staged_batch b ON b.id = run.batch_id
      WHERE b.workspace_id = ${workspaceId}
    ) AND change_id IN (SELECT id FROM entity_change WHERE ${ofPerson})`);
  await client.query(sql`
    UPDATE ledger_entry
    SET message = ${text}, current_value = NULL, suggested_value = NULL, suggestion_certainty = NULL
    WHERE ${ofPerson}`);
  await client.query(sql`
    UPDATE ledger_entry e
    SET message = ${text}, current_value = NULL, suggested_value = NULL, suggestion_certainty = NULL
    FROM (${selectLentValues(erasure)}) l
    WHERE e.workspace_id = ${workspaceId} AND e.entity_id = l.entity_id
      AND e.entity_version >= l.since AND e.entity_version < l.until`);
}

/** What others took over from the person in a merge, and gave back when it was undone. */
async function redactMergedInto(client: ClientBase, erasure: Erasure): Promise<void> {
  const { workspaceId, contactIds } = erasure;
  await client.query(sql`
    UPDATE entity_change o SET before = NULL, after = NULL
    FROM (${selectLentValues(erasure)}) l
    WHERE o.workspace_id = ${workspaceId} AND o.entity_type = 'contact'
      AND o.entity_id = l.entity_id AND o.version BETWEEN l.since AND l.until
      AND (o.reverted OR o.kind = 'REVERTED')`);
  await client.query(sql`
    UPDATE entity_change o SET before = NULL, after = NULL
    FROM entity_change m
    WHERE m.workspace_id = ${workspaceId} AND m.entity_type = 'contact'
      AND m.entity_id = ANY(${contactIds}::uuid[]) AND m.kind = 'MERGED'
      AND o.batch_id = m.batch_id AND o.row_index = m.row_index AND o.entity_type = 'contact'
      AND (o.reverted OR o.kind = 'REVERTED')`);
}
