import type { ClientBase } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { isWaived } from '../ledger/isWaived.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';

/**
 * What an entity loses, in tenths of itself, by its worst open finding: wrong data is as good as none;
 * what is most likely wrong is right often enough to be worth half; what is right but in another form
 * serves people, and fails machines now and then. In tenths, so that sums are exact.
 */
export const LOST_TENTHS: Readonly<Record<Severity, number>> = { ERROR: 10, WARNING: 5, INFO: 2 };

/** The entities of a type, and what their findings cost them. */
export interface TypeQuality {
  readonly entityType: EntityType;
  /** How many are active; at least one. */
  readonly entityCount: number;
  /** How many findings about them are open. */
  readonly openCount: number;
  readonly lostTenths: number;
}

/** The open findings of a rule. */
export interface RuleQuality {
  readonly ruleId: string;
  readonly openCount: number;
  /** What all entities would lose less without these findings, all others staying. */
  readonly gainedTenths: number;
}

/** How good the data of a workspace is, as far as its ledger and its waivers tell. */
export interface QualityMeasure {
  /** In the order of {@link ENTITY_TYPES}; a type without entities is left out. */
  readonly types: readonly TypeQuality[];
  readonly rules: readonly RuleQuality[];
}

/**
 * Weighs what is open now about the active entities of workspaces, in one statement. An entity counts by its worst
 * finding; without all findings of a rule it would count by the worst of the others, so that the two
 * worst weights of different rules tell what each rule costs it.
 *
 * @returns a measure for each of the workspaces, by its id
 */
export async function measureQuality(
  client: ClientBase,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, QualityMeasure>> {
  const statement = sql`
    WITH open_entry AS (
      SELECT e.workspace_id, e.entity_type, e.entity_id, e.rule_id, max(${lostTenths(sql`e`)}) AS lost,
             count(*)::int AS findings
      FROM ledger_entry e JOIN (${activeIds(workspaceIds)}) a ON a.id = e.entity_id
      WHERE e.workspace_id = ANY(${workspaceIds}::uuid[]) AND e.open AND NOT ${isWaived(sql`e`)}
      GROUP BY e.workspace_id, e.entity_type, e.entity_id, e.rule_id
    ), ranked AS MATERIALIZED (
      SELECT workspace_id, entity_type, rule_id, lost, findings, row_number() OVER entity AS place,
             lead(lost, 1, 0) OVER entity AS next
      FROM open_entry WINDOW entity AS (PARTITION BY entity_id ORDER BY lost DESC)
    ), type AS (
      SELECT workspace_id, entity_type, sum(findings)::int AS "openCount",
             sum(lost) FILTER (WHERE place = 1) AS "lostTenths"
      FROM ranked GROUP BY workspace_id, entity_type
    ), rule AS (
      SELECT workspace_id, rule_id AS "ruleId", sum(findings)::int AS "openCount",
             coalesce(sum(lost - next) FILTER (WHERE place = 1), 0) AS "gainedTenths"
      FROM ranked GROUP BY workspace_id, rule_id
    ), entity AS MATERIALIZED (
      ${entityCounts(workspaceIds)}
    )
    SELECT w.id AS "workspaceId", coalesce((
             SELECT jsonb_agg(jsonb_build_object('entityType', n.entity_type,
               'entityCount', n.count, 'openCount', coalesce(t."openCount", 0),
               'lostTenths', coalesce(t."lostTenths", 0)) ORDER BY n.entity_type)
             FROM entity n LEFT JOIN type t USING (workspace_id, entity_type)
             WHERE n.workspace_id = w.id), '[]') AS types,
           coalesce((SELECT jsonb_agg(to_jsonb(r) - 'workspace_id') FROM rule r
                     WHERE r.workspace_id = w.id), '[]') AS rules
    FROM unnest(${workspaceIds}::uuid[]) AS w(id)`;
  return withoutNestedLoops(client, async () => {
    const { rows } = await client.query<QualityMeasure & { workspaceId: string }>(statement);
    return new Map(rows.map(({ workspaceId, ...measure }) => [workspaceId, measure]));
  });
}

function lostTenths(e: Sql): Sql {
  const cases = Object.entries(LOST_TENTHS).map(
    ([severity, tenths]) => sql`WHEN ${severity} THEN ${tenths}::int`,
  );
  return sql`CASE ${e}.severity ${join(cases, ' ')} END`;
}

function activeIds(workspaceIds: readonly string[]): Sql {
  const ids = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ANY(${workspaceIds}::uuid[]) AND state = 'ACTIVE'`,
  );
  return join(ids, ' UNION ALL ');
}

function entityCounts(workspaceIds: readonly string[]): Sql {
  const counts = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT workspace_id, ${entityType}::entity_type AS entity_type, count(*)::int AS count
      FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ANY(${workspaceIds}::uuid[]) AND state = 'ACTIVE'
      GROUP BY workspace_id`,
  );
  return join(counts, ' UNION ALL ');
}
