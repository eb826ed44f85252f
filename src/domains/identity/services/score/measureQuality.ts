import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { EntityType } from '../../rules/entities.ts';
import { isWaived } from '../ledger/isWaived.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import {
  activeIds,
  entityCounts,
  type GainedTenths,
  gainedTenths,
  isAcceptable,
  lostTenths,
  rankRules,
  worstLeft,
} from './ruleGain.ts';

/** The entities of a type, and what their findings cost them. */
export interface TypeQuality {
  readonly entityType: EntityType;
  /** How many are active; at least one. */
  readonly entityCount: number;
  /** How many findings about them are open. */
  readonly openCount: number;
  readonly lostTenths: number;
}

/** The open findings of a rule, and what there is to gain by them. */
export interface RuleQuality extends GainedTenths {
  readonly ruleId: string;
  readonly openCount: number;
}

/** How good the data of a workspace is, as far as its ledger and its waivers tell. */
export interface QualityMeasure {
  /** In the order contact, site, device; a type without entities is left out. */
  readonly types: readonly TypeQuality[];
  readonly rules: readonly RuleQuality[];
}

/**
 * Weighs what is open now about the active entities of workspaces, in one statement. An entity counts
 * by its worst finding.
 *
 * @returns a measure for each of the workspaces, by its id
 */
export async function measureQuality(
  client: ClientBase,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, QualityMeasure>> {
  const ids = sql`${workspaceIds}::uuid[]`;
  const lost = lostTenths(sql`e`);
  const statement = sql`
    WITH open_entry AS (
      SELECT e.workspace_id, e.entity_type, e.entity_id, e.rule_id, count(*)::int AS findings,
             max(${lost}) AS lost, ${worstLeft(lost, sql`NOT ${isAcceptable(sql`e`)}`)} AS unaccepted
      FROM ledger_entry e JOIN (${activeIds(ids)}) a ON a.id = e.entity_id
      WHERE e.workspace_id = ANY(${ids}) AND e.open AND NOT ${isWaived(sql`e`)}
      GROUP BY e.workspace_id, e.entity_type, e.entity_id, e.rule_id
    ), ranked AS MATERIALIZED (
      ${rankRules(sql`open_entry`, sql`entity_id`)}
    ), type AS (
      SELECT workspace_id, entity_type, sum(findings)::int AS "openCount",
             sum(lost) FILTER (WHERE place = 1) AS "lostTenths"
      FROM ranked GROUP BY workspace_id, entity_type
    ), rule AS (
      SELECT workspace_id, rule_id AS "ruleId", sum(findings)::int AS "openCount",
             ${gainedTenths(sql`unaccepted`)} AS "acceptedTenths",
             ${gainedTenths(sql`0`)} AS "resolvedTenths"
      FROM ranked GROUP BY workspace_id, rule_id
    ), entity AS MATERIALIZED (
      ${entityCounts(ids)}
    )
    SELECT w.id AS "workspaceId", coalesce((
             SELECT jsonb_agg(jsonb_build_object('entityType', n.entity_type,
               'entityCount', n.count, 'openCount', coalesce(t."openCount", 0),
               'lostTenths', coalesce(t."lostTenths", 0)) ORDER BY n.entity_type)
             FROM entity n LEFT JOIN type t USING (workspace_id, entity_type)
             WHERE n.workspace_id = w.id), '[]') AS types,
           coalesce((SELECT jsonb_agg(to_jsonb(r) - 'workspace_id') FROM rule r
                     WHERE r.workspace_id = w.id), '[]') AS rules
    FROM unnest(${ids}) AS w(id)`;
  return withoutNestedLoops(client, async () => {
    const { rows } = await client.query<QualityMeasure & { workspaceId: string }>(statement);
    return new Map(rows.map(({ workspaceId, ...measure }) => [workspaceId, measure]));
  });
}
