import sql, { join, raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { DUPLICATE_RULE_IDS } from '../merge/mergeMembers.ts';

/** By how much the score of a workspace would rise without findings of a rule, all others staying. */
export interface RuleGain {
  /** If those that have something to accept were accepted: a suggested value, or a merge. */
  readonly gain: number;
  /** If none of them were open any more, however that comes about. */
  readonly gainIfResolved: number;
}

/** What all entities of a workspace together would lose less, in tenths of one. */
export interface GainedTenths {
  readonly acceptedTenths: number;
  readonly resolvedTenths: number;
}

/** The gain of the score of so many entities. */
export function gainOf(
  { acceptedTenths, resolvedTenths }: GainedTenths,
  entityCount: number,
): RuleGain {
  return {
    gain: (10 * acceptedTenths) / entityCount,
    gainIfResolved: (10 * resolvedTenths) / entityCount,
  };
}

/**
 * What an entity loses, in tenths of itself, by its worst open finding: wrong data is as good as none;
 * what is most likely wrong is right often enough to be worth half; what is right but in another form
 * serves people, and fails machines now and then. In tenths, so that sums are exact.
 */
export const LOST_TENTHS: Readonly<Record<Severity, number>> = { ERROR: 10, WARNING: 5, INFO: 2 };

/** What an entity loses by an entry `e` of the ledger. */
export function lostTenths(e: Sql): Sql {
  const cases = Object.entries(LOST_TENTHS).map(
    ([severity, tenths]) => sql`WHEN ${severity} THEN ${tenths}::int`,
  );
  return sql`CASE ${e}.severity ${join(cases, ' ')} END`;
}

/** Whether there is something to accept about a finding, or an entry of the ledger: `f`. */
export function isAcceptable(f: Sql): Sql {
  return sql`(${f}.suggested_value IS NOT NULL OR ${f}.rule_id = ANY(${DUPLICATE_RULE_IDS}::text[]))`;
}

/**
 * The worst that an entity loses by the entries of a rule that stay; 0 where all go.
 *
 * @param stays - whether an entry does
 */
export function worstLeft(lost: Sql, stays: Sql): Sql {
  return sql`coalesce(max(${lost}) FILTER (WHERE ${stays}), 0)`;
}

/**
 * Ranks, for each entity, the rules by the worst that they cost it: `place` is 1 for the worst, and
 * `next` the cost of the one after. Without findings of a rule, an entity counts by the worst of the
 * others, so that the two worst rules tell what there is to gain.
 *
 * @param rows - has `lost`, the worst of a rule about an entity
 * @param entity - the columns that tell entities apart
 */
export function rankRules(rows: Sql, entity: Sql): Sql {
  return sql`
    SELECT *, row_number() OVER entity AS place, lead(lost, 1, 0) OVER entity AS next
    FROM ${rows} WINDOW entity AS (PARTITION BY ${entity} ORDER BY lost DESC)`;
}

/** What the entities of ranked rules lose less when of a rule's findings only `left` is left. */
export function gainedTenths(left: Sql): Sql {
  return sql`coalesce(sum(lost - greatest(next, ${left})) FILTER (WHERE place = 1), 0)::int`;
}

/** The ids of the active entities of workspaces. */
export function activeIds(workspaceIds: Sql): Sql {
  const ids = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT id FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ANY(${workspaceIds}) AND state = 'ACTIVE'`,
  );
  return join(ids, ' UNION ALL ');
}

/** How many active entities workspaces have, by type; none where there are none. */
export function entityCounts(workspaceIds: Sql): Sql {
  const counts = ENTITY_TYPES.map(
    (entityType) => sql`
      SELECT workspace_id, ${entityType}::entity_type AS entity_type, count(*)::int AS count
      FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ANY(${workspaceIds}) AND state = 'ACTIVE'
      GROUP BY workspace_id`,
  );
  return join(counts, ' UNION ALL ');
}
