import sql, { raw, type Sql } from 'sql-template-tag';
import type { QueryRule } from './rule.ts';
import { areLookedAt, DEVICE_SITE, type Reference, SITE_OWNER } from './values/references.ts';

export const deviceSiteMerged: QueryRule<'device'> = {
  kind: 'query',
  id: 'device.site.merged',
  version: 1,
  entityType: 'device',
  severity: 'WARNING',
  description: 'A device’s site has not been merged into another one.',
  fields: ['siteId', 'status'],
  rationale: 'The device is missing from the list of the site that it is at.',
  example: 'A gateway belongs to a site that was merged into another one, which is suggested.',
  select: (workspaceId) =>
    selectMerged(workspaceId, DEVICE_SITE, 'The device’s site was merged into another one.'),
};

export const siteOwnerMerged: QueryRule<'site'> = {
  kind: 'query',
  id: 'site.owner.merged',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description: 'A site’s owner has not been merged into another contact.',
  fields: ['ownerId'],
  rationale: 'The site is missing from the list of those that its owner has.',
  example: 'A site belongs to a contact that was merged into another one, which is suggested.',
  select: (workspaceId) =>
    selectMerged(workspaceId, SITE_OWNER, 'The site’s owner was merged into another contact.'),
};

/** Suggests the survivor of the last merge, which nobody may have archived. */
function selectMerged(workspaceId: string, reference: Reference, message: string): Sql {
  const { field, table, column, target } = reference;
  return sql`
    WITH RECURSIVE merged AS MATERIALIZED (
      SELECT id, merged_into_id FROM ${raw(target)}
      WHERE workspace_id = ${workspaceId} AND state = 'MERGED'
    ), chain AS (
      SELECT id, merged_into_id FROM merged
      UNION
      SELECT c.id, m.merged_into_id FROM chain c JOIN merged m ON m.id = c.merged_into_id
    ), survivor AS (
      SELECT c.id, t.id AS survivor_id
      FROM chain c JOIN ${raw(target)} t ON t.id = c.merged_into_id
      WHERE t.workspace_id = ${workspaceId} AND t.state = 'ACTIVE'
    )
    SELECT e.id AS entity_id, e.version AS entity_version, ${field}::text AS field,
           ${message}::text AS message, m.id::text AS current_value,
           s.survivor_id::text AS suggested_value, NULL::text AS certainty,
           '{}'::uuid[] AS related_entity_ids
    FROM ${raw(table)} e
    JOIN merged m ON m.id = e.${raw(column)}
    LEFT JOIN survivor s ON s.id = m.id
    WHERE ${areLookedAt(workspaceId, reference)}`;
}
