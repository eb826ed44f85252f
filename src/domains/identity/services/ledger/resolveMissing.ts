import type { ClientBase } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { workspaceRules } from '../../rules/catalogue.ts';
import { ENTITY_TYPES } from '../../rules/entities.ts';
import { RULE_FAILED } from '../staging/findings.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { selectLastAudit } from './lastAudit.ts';
import { hasSameKey, isEntryOf } from './ledgerKey.ts';

/**
 * Resolves the open entries that an audit has looked for and not found, and those of rules that are
 * off. What a rule has failed on was not looked at; we don't know by which rule, so all entries of such
 * an entity stay open.
 *
 * @returns how many were resolved
 */
export async function resolveMissing(client: ClientBase, batch: StagedBatch): Promise<number> {
  const { id, workspaceId } = batch;
  const { rows } = await client.query<{ resolved: number }>(sql`
    WITH audit AS (
      SELECT id, created_at AS at FROM staged_batch WHERE id = ${id}
    ), previous AS (
      ${selectLastAudit(sql`${workspaceId}`)}
    ), rule_on AS (
      -- None for a batch that was created before batches had rule sets: then no rule was off.
      SELECT rule ->> 'id' AS id
      FROM staged_batch b CROSS JOIN jsonb_array_elements(b.rule_set -> 'rules') AS rule
      WHERE b.id = ${id}
    ), failed_on AS (
      SELECT DISTINCT entity_id FROM finding
      WHERE batch_id = ${id} AND rule_id = ${RULE_FAILED.id}
    ), missing AS MATERIALIZED (
      SELECT e.workspace_id, e.entity_id, e.rule_id, e.field, e.discriminator
      FROM ledger_entry e
      LEFT JOIN failed_on u ON u.entity_id = e.entity_id
      ${joinCoverage(batch)}
      WHERE e.workspace_id = ${workspaceId} AND e.open
        AND NOT EXISTS (
          SELECT FROM finding f
          WHERE f.batch_id = ${id} AND ${isEntryOf(sql`e`, sql`f`, sql`${workspaceId}::uuid`)})
        AND (e.rule_id <> ${RULE_FAILED.id} AND EXISTS (SELECT FROM rule_on)
               AND e.rule_id NOT IN (SELECT id FROM rule_on)
             OR u.entity_id IS NULL AND ${isCovered(batch)})
    ), resolved AS (
      UPDATE ledger_entry e
      SET open = false, resolved_batch_id = a.id, resolved_at = a.at,
          last_seen_batch_id = p.id, last_seen_at = p.at
      FROM missing m CROSS JOIN audit a CROSS JOIN previous p
      WHERE e.workspace_id = ${workspaceId} AND ${hasSameKey(sql`e`, sql`m`)}
    ), event AS (
      INSERT INTO ledger_event (workspace_id, entity_id, rule_id, field, discriminator, batch_id, kind)
      SELECT workspace_id, entity_id, rule_id, field, discriminator, ${id}, 'RESOLVED' FROM missing
    )
    SELECT count(*)::int AS resolved FROM missing`);
  return rows[0]?.resolved ?? 0;
}

/** Joins to an entry `e` what tells whether an audit covers it; as joins, which are made by hashes. */
function joinCoverage({ id, workspaceId, mode }: StagedBatch): Sql {
  if (mode !== 'INCREMENTAL') return sql``;
  const active = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'`,
  );
  return sql`
    LEFT JOIN staged_record changed
      ON changed.batch_id = ${id} AND changed.entity_id = e.entity_id AND NOT changed.unchanged
    LEFT JOIN (${join(active, ' UNION ALL ')}) active ON active.id = e.entity_id`;
}

/**
 * Whether an audit has looked for the finding of an entry. An incremental one runs the workspace rules
 * over everything, and the others on what has changed; entities that are not active any more have no
 * findings.
 */
function isCovered({ mode }: StagedBatch): Sql {
  if (mode !== 'INCREMENTAL') return sql`true`;
  return sql`(e.rule_id = ANY (${workspaceRules.map((rule) => rule.id)}::text[])
    OR changed.entity_id IS NOT NULL OR active.id IS NULL)`;
}
