import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import { byWhom } from './byWhom.ts';
import { isInScope } from './reversalScope.ts';
import { isLost, REFERENCE_OF, type Reversal } from './undoable.ts';

/**
 * Keeps changes that would let an entity refer again to one that has been archived or merged since.
 * What a merge has moved thereby stays with the survivor, unless the run brings the other back.
 */
export async function keepLostTargets(
  client: ClientBase,
  reversal: Reversal,
  entityType: EntityType,
): Promise<void> {
  const reference = REFERENCE_OF[entityType];
  if (reference === null) return;
  const { field, to } = reference;
  const { workspaceId, run } = reversal;
  await client.query(sql`
    UPDATE reversal_candidate c
    SET outcome = 'KEPT', blocked_by = v.blocked_by, reason = v.reason
    FROM (
      SELECT c.change_id, loss.id AS blocked_by,
             CASE WHEN ${isInScope(run, sql`loss`)} AND t.state = 'MERGED'
                  THEN format('The %s %s stays merged into %s, so what was moved from it stays there too.',
                    ${to}::text, t.id, t.merged_into_id)
                  ELSE concat_ws(', ', format('The %s %s, to which it would refer again, has been %s since',
                    ${to}::text, t.id, CASE t.state WHEN 'MERGED'
                      THEN 'merged into ' || t.merged_into_id ELSE 'archived' END),
                    ${byWhom(sql`loss`)}) || '.' END AS reason
      FROM reversal_candidate c
      JOIN ${raw(ENTITY_TABLES[to])} t
        ON t.workspace_id = ${workspaceId} AND t.id = (c.undo->>${field}::text)::uuid
      LEFT JOIN LATERAL (
        SELECT h.* FROM entity_change h
        WHERE h.workspace_id = ${workspaceId} AND h.entity_type = ${to}::entity_type
          AND h.entity_id = t.id AND h.after->>'state' = t.state::text
        ORDER BY h.version DESC LIMIT 1
      ) loss ON true
      -- The key by itself lets the planner expect few, and look their targets up by id.
      WHERE c.entity_type = ${entityType} AND c.outcome IS NULL AND c.undo ? ${field}::text
        AND ${isLost(reversal, to, sql`t`)}
    ) v
    WHERE v.change_id = c.change_id`);
}
