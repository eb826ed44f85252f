import sql, { raw } from 'sql-template-tag';
import type { EntityType, FieldsByType } from './entities.ts';
import { parameterValue, type QueryRule, type RuleParameter } from './rule.ts';

export const contactStale = stale(
  'contact',
  'third_party',
  ['email', 'phone', 'addressLine1'],
  null,
);
export const siteStale = stale('site', 'customer_site', ['phone', 'ownerId', 'addressLine1'], null);
export const deviceStale = stale(
  'device',
  'customer_device',
  ['siteId', 'status', 'firmware'],
  // Nothing about a retired device will ever change.
  `e.status <> 'RETIRED'`,
);

/** The rules whose findings people confirm by deciding on them: retention keeps when they did. */
export const CONFIRMED_RULE_IDS: readonly string[] = [
  contactStale.id,
  siteStale.id,
  deviceStale.id,
];

/**
 * @param fields - what is the first to be out of date
 * @param only - which entities can be stale, as a condition on `e`; null for all
 */
function stale<T extends EntityType>(
  entityType: T,
  table: string,
  fields: readonly (keyof FieldsByType[T] & string)[],
  only: string | null,
): QueryRule<T> {
  const id = `${entityType}.stale`;
  const maximumAge: RuleParameter = {
    id: `${id}.maximumAge`,
    description: `The days after which a ${entityType} that nobody has changed or confirmed is stale.`,
    default: 730,
    minimum: 0,
    maximum: 36_500,
  };
  return {
    kind: 'query',
    id,
    version: 2,
    entityType,
    severity: 'INFO',
    description: `A ${entityType} was changed in the last two years, or somebody has confirmed it by deciding on a finding of this rule.`,
    fields,
    rationale: 'What nobody has looked at for long may not be true any more.',
    example: `A ${entityType} was changed last on 2021-03-15, and nobody has confirmed it since.`,
    parameters: [maximumAge],
    select(workspaceId, context) {
      const days = Math.round(parameterValue(context, maximumAge));
      return sql`
        WITH workspace_batch AS MATERIALIZED (
          SELECT id FROM staged_batch WHERE workspace_id = ${workspaceId}
        ), decided AS MATERIALIZED (
          -- By the index on batch and rule.
          SELECT batch_id, row_index, ordinal, version, entity_id FROM finding
          WHERE batch_id = ANY (ARRAY(SELECT id FROM workspace_batch)) AND rule_id = ${id}
            AND decision <> 'OPEN'
        ), confirmed AS MATERIALIZED (
          -- Of findings that a waiver decided, no entry tells: it was given for an earlier one.
          SELECT d.entity_id, max(made.created_at) AS at
          FROM decided d
          JOIN decision_entry entry ON entry.batch_id = d.batch_id
            AND entry.row_index = d.row_index AND entry.ordinal = d.ordinal
            AND entry.version = d.version
          JOIN decision made ON made.id = entry.decision_id
          WHERE entry.batch_id = ANY (ARRAY(SELECT DISTINCT batch_id FROM decided))
            AND made.batch_id = ANY (ARRAY(SELECT DISTINCT batch_id FROM decided))
          GROUP BY d.entity_id
        ), last_known AS (
          SELECT e.id, e.version,
                 greatest(e.updated_at, c.at, kept.confirmed_at) AT TIME ZONE 'UTC' AS at
          FROM ${raw(table)} e LEFT JOIN confirmed c ON c.entity_id = e.id
          -- Of batches that are thinned.
          LEFT JOIN kept_confirmation kept
            ON kept.workspace_id = ${workspaceId} AND kept.rule_id = ${id} AND kept.entity_id = e.id
          WHERE e.workspace_id = ${workspaceId} AND e.state = 'ACTIVE' AND ${raw(only ?? 'true')}
        )
        SELECT id AS entity_id, version AS entity_version, 'updatedAt' AS field,
               -- Of what was loaded without a date the last change is at -infinity.
               CASE WHEN isfinite(at)
                    THEN format('Neither changed nor confirmed since %s.', to_char(at, 'YYYY-MM-DD'))
                    ELSE 'Nobody knows when this was changed last, and nobody has confirmed it.'
               END AS message,
               CASE WHEN isfinite(at) THEN to_char(at, 'YYYY-MM-DD') END AS current_value, NULL::text AS suggested_value,
               NULL::text AS certainty, '{}'::uuid[] AS related_entity_ids
        FROM last_known WHERE at < ${context.today}::date - ${days}::int`;
    },
  };
}
