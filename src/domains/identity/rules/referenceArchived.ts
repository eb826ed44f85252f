import sql, { raw, type Sql } from 'sql-template-tag';
import type { QueryRule } from './rule.ts';
import { areLookedAt, DEVICE_SITE, type Reference, SITE_OWNER } from './values/references.ts';

export const deviceSiteArchived: QueryRule<'device'> = {
  kind: 'query',
  id: 'device.site.archived',
  version: 1,
  entityType: 'device',
  severity: 'WARNING',
  description: 'A device that is not retired is not at an archived site.',
  fields: ['siteId', 'status'],
  rationale: 'Nobody visits an archived site: the device was moved or taken down, or is forgotten.',
  example: 'A gateway in use belongs to a site that was archived last year.',
  select: (workspaceId) =>
    selectArchived(workspaceId, DEVICE_SITE, 'The device’s site is archived.'),
};

export const siteOwnerArchived: QueryRule<'site'> = {
  kind: 'query',
  id: 'site.owner.archived',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description: 'A site’s owner is not archived.',
  fields: ['ownerId'],
  rationale: 'The site has a new owner whom nobody has recorded, or should be archived as well.',
  example: 'A site belongs to a contact that was archived last year.',
  select: (workspaceId) => selectArchived(workspaceId, SITE_OWNER, 'The site’s owner is archived.'),
};

function selectArchived(workspaceId: string, reference: Reference, message: string): Sql {
  const { field, table, column, target } = reference;
  return sql`
    SELECT e.id AS entity_id, e.version AS entity_version, ${field}::text AS field,
           ${message}::text AS message, t.id::text AS current_value, NULL::text AS suggested_value,
           NULL::text AS certainty, '{}'::uuid[] AS related_entity_ids
    FROM ${raw(table)} e JOIN ${raw(target)} t ON t.id = e.${raw(column)}
    WHERE ${areLookedAt(workspaceId, reference)}
      AND t.workspace_id = ${workspaceId} AND t.state = 'ARCHIVED'`;
}
