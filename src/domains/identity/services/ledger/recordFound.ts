import type { ClientBase } from 'pg';
import sql, { join, raw } from 'sql-template-tag';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { LedgerCounts } from './ledgerCounts.ts';
import { discriminatorOf, hasSameKey } from './ledgerKey.ts';

/** What an entry says of the finding as it was seen last, in the ledger as in `finding`. */
const VALUES = [
  'rule_version',
  'severity',
  'entity_version',
  'message',
  'current_value',
  'suggested_value',
  'suggestion_certainty',
  'related_entity_ids',
  'related_count',
];

const values = (alias: string) => join(VALUES.map((column) => raw(`${alias}.${column}`)));

/**
 * Opens the entries of what an audit has found: makes those that are new, reopens those that were
 * resolved, and brings those up to date that have other values now. Of several findings with the same
 * key the first one counts.
 */
export async function recordFound(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
): Promise<Pick<LedgerCounts, 'new' | 'regressed'>> {
  const { rows } = await client.query<Pick<LedgerCounts, 'new' | 'regressed'>>(sql`
    WITH audit AS (
      SELECT id, created_at AS at FROM staged_batch WHERE id = ${id}
    ), found AS (
      -- A record of an audit is an entity, so that the primary key has all but the last in order.
      SELECT DISTINCT ON (f.row_index, f.rule_id, f.field, ${discriminatorOf(sql`f`)})
             ${workspaceId}::uuid AS workspace_id, f.entity_type, f.entity_id, f.rule_id, f.field,
             ${discriminatorOf(sql`f`)} AS discriminator, ${values('f')}
      FROM finding f WHERE f.batch_id = ${id} AND f.entity_id IS NOT NULL
      ORDER BY f.row_index, f.rule_id, f.field, ${discriminatorOf(sql`f`)}, f.ordinal
    ), change AS MATERIALIZED (
      SELECT f.*, CASE WHEN e.entity_id IS NULL THEN 'NEW'
                       WHEN NOT e.open THEN 'REGRESSED' ELSE 'PERSISTING' END AS state
      FROM found f
      LEFT JOIN ledger_entry e ON e.workspace_id = ${workspaceId} AND ${hasSameKey(sql`e`, sql`f`)}
      WHERE e.entity_id IS NULL OR NOT e.open
         OR (${values('e')}) IS DISTINCT FROM (${values('f')})
    ), made AS (
      INSERT INTO ledger_entry (workspace_id, entity_type, entity_id, rule_id, field, discriminator,
        open, first_seen_batch_id, first_seen_at, last_seen_batch_id, last_seen_at,
        ${raw(VALUES.join(', '))})
      SELECT c.workspace_id, c.entity_type, c.entity_id, c.rule_id, c.field, c.discriminator,
             true, a.id, a.at, a.id, a.at, ${values('c')}
      FROM change c CROSS JOIN audit a WHERE c.state = 'NEW'
    ), renewed AS (
      UPDATE ledger_entry e
      SET open = true, resolved_batch_id = NULL, resolved_at = NULL,
          last_seen_batch_id = a.id, last_seen_at = a.at,
          (${raw(VALUES.join(', '))}) = ROW(${values('c')})
      FROM change c CROSS JOIN audit a
      WHERE c.state <> 'NEW' AND e.workspace_id = ${workspaceId}
        AND ${hasSameKey(sql`e`, sql`c`)}
    ), regressed AS (
      INSERT INTO ledger_event (workspace_id, entity_id, rule_id, field, discriminator, batch_id, kind)
      SELECT workspace_id, entity_id, rule_id, field, discriminator, ${id}, 'REGRESSED'
      FROM change WHERE state = 'REGRESSED'
    )
    SELECT count(*) FILTER (WHERE state = 'NEW')::int AS new,
           count(*) FILTER (WHERE state = 'REGRESSED')::int AS regressed
    FROM change`);
  return rows[0] ?? { new: 0, regressed: 0 };
}
