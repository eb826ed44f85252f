import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import { AUDIT_PROFILES } from '../../profiles/registry.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { importsAmong } from './erasedRows.ts';
import type { Erasure } from './erasePerson.ts';

/**
 * Redacts what batches hold of a person: see `collectErasedRows`. Their records become INVALID, so
 * that nothing of them is decided on or promoted any more, also when a failed batch is retried; rows
 * of others keep their own values and can be.
 */
export function redactReview(client: ClientBase, erasure: Erasure): Promise<void> {
  return withoutNestedLoops(client, async () => {
    await redactLentWaivers(client, erasure);
    await redactFindings(client, erasure);
    await forgetMatches(client, erasure);
    await redactDecisions(client);
    await redactWaivers(client, erasure);
    await invalidateRecords(client, erasure);
    await redactRows(client, erasure);
  });
}

/**
 * Of values that others had from the person for a while; by the findings, while these still have them.
 * They are revoked, since a waiver without a value would cover what has none.
 */
async function redactLentWaivers(
  client: ClientBase,
  { workspaceId, contactIds, text }: Erasure,
): Promise<void> {
  await client.query(sql`
    UPDATE waiver w
    SET value = NULL, reason = ${text}, revoked_at = coalesce(w.revoked_at, now())
    FROM finding f JOIN erased_row e USING (batch_id, row_index)
    WHERE w.workspace_id = ${workspaceId} AND w.entity_id = f.entity_id AND w.rule_id = f.rule_id
      AND w.field = f.field AND w.value = f.current_value
      AND f.entity_id <> ALL(${contactIds}::uuid[])`);
}

async function redactFindings(client: ClientBase, { text }: Erasure): Promise<void> {
  await client.query(sql`
    UPDATE finding f
    SET message = ${text}, current_value = NULL, suggested_value = NULL,
        suggestion_certainty = NULL, edited_value = NULL, explanation = NULL
    FROM erased_row e WHERE f.batch_id = e.batch_id AND f.row_index = e.row_index`);
}

/** Findings of others keep the person's id, and no longer say in what they agree. */
async function forgetMatches(
  client: ClientBase,
  { workspaceId, contactIds, batches }: Erasure,
): Promise<void> {
  const names = sql`m->>'entityId' = ANY(${contactIds}::text[])`;
  await client.query(sql`
    UPDATE finding f
    SET explanation = (
      SELECT coalesce(jsonb_agg(m ORDER BY at), '[]')
      FROM jsonb_array_elements(f.explanation) WITH ORDINALITY AS match(m, at) WHERE NOT ${names})
    WHERE f.batch_id = ANY(${batches.map(({ id }) => id)}::uuid[]) AND f.explanation IS NOT NULL
      AND EXISTS (SELECT FROM jsonb_array_elements(f.explanation) AS m WHERE ${names})`);
  // Their fingerprints are made of the values.
  await client.query(sql`
    DELETE FROM not_duplicate
    WHERE workspace_id = ${workspaceId} AND entity_type = 'contact'
      AND (first_id = ANY(${contactIds}::uuid[]) OR second_id = ANY(${contactIds}::uuid[]))`);
}

async function redactDecisions(client: ClientBase): Promise<void> {
  await client.query(sql`
    UPDATE decision SET comment = NULL
    WHERE comment IS NOT NULL AND id IN (
      SELECT d.decision_id FROM decision_entry d JOIN erased_row USING (batch_id, row_index))`);
  await client.query(sql`
    UPDATE decision_entry d SET edited_value = NULL FROM erased_row e
    WHERE d.batch_id = e.batch_id AND d.row_index = e.row_index AND d.edited_value IS NOT NULL`);
}

async function redactWaivers(
  client: ClientBase,
  { workspaceId, contactIds, text }: Erasure,
): Promise<void> {
  await client.query(sql`
    UPDATE waiver SET value = NULL, reason = ${text}
    WHERE workspace_id = ${workspaceId} AND entity_id = ANY(${contactIds}::uuid[])`);
}

async function invalidateRecords(client: ClientBase, { text, batches }: Erasure): Promise<void> {
  // Records of audits are nothing but their findings.
  const others = batches.filter(({ profile }) => !AUDIT_PROFILES.includes(profile));
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index, status, reason)
    SELECT e.batch_id, e.row_index, 'INVALID', ${text} FROM erased_row e
    WHERE NOT e.found_only AND (e.batch_id = ANY(${others.map(({ id }) => id)}::uuid[])
      OR (e.batch_id, e.row_index) IN (
        SELECT f.batch_id, f.row_index FROM finding f JOIN erased_row USING (batch_id, row_index)
        UNION ALL
        SELECT o.batch_id, o.row_index
        FROM staged_record_state o JOIN erased_row USING (batch_id, row_index)))
    ORDER BY e.batch_id, e.row_index
    ON CONFLICT (batch_id, row_index) DO UPDATE
    SET status = 'INVALID', reason = excluded.reason, edited_values = NULL`);
}

/** As a reader leaves a row that it could not read. */
async function redactRows(client: ClientBase, { text, batches }: Erasure): Promise<void> {
  await client.query(sql`
    UPDATE staged_record r SET raw_data = jsonb_build_object(${UNREADABLE_ROW}::text, ${text}::text)
    FROM erased_row e
    WHERE r.batch_id = e.batch_id AND r.row_index = e.row_index
      AND NOT e.found_only AND r.batch_id = ANY(${importsAmong(batches)}::uuid[])`);
  // Of few rows, a hash can be guessed.
  await client.query(sql`
    UPDATE staged_batch SET rows_hash = NULL
    WHERE rows_hash IS NOT NULL AND id IN (SELECT batch_id FROM erased_row)`);
}
