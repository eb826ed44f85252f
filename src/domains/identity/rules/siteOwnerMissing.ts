import sql from 'sql-template-tag';
import type { QueryRule } from './rule.ts';

/** Looks at the workspace: where no site has an owner, nobody keeps them, and a finding for each would be noise. */
export const siteOwnerMissing: QueryRule<'site'> = {
  kind: 'query',
  id: 'site.owner.missing',
  version: 1,
  entityType: 'site',
  severity: 'INFO',
  description: 'A site has an owner, where any site of the workspace has one.',
  fields: ['ownerId'],
  rationale: 'Nobody knows whom to ask, or to bill, for what is done at the site.',
  example: 'A site has no owner, while others of the workspace have one.',
  select: (workspaceId) => sql`
    SELECT e.id AS entity_id, e.version AS entity_version, 'ownerId'::text AS field,
           'The site has no owner.'::text AS message, NULL::text AS current_value,
           NULL::text AS suggested_value, NULL::text AS certainty, '{}'::uuid[] AS related_entity_ids
    FROM customer_site e
    WHERE e.workspace_id = ${workspaceId} AND e.state = 'ACTIVE' AND e.owner_id IS NULL
      AND EXISTS (
        SELECT FROM customer_site o
        WHERE o.workspace_id = ${workspaceId} AND o.state = 'ACTIVE' AND o.owner_id IS NOT NULL)`,
};
