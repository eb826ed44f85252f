import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { selectLastAudit } from '../ledger/lastAudit.ts';
import { measureQuality, type QualityMeasure } from './measureQuality.ts';
import { gainOf, type RuleGain } from './ruleGain.ts';
import { scoreOf } from './score.ts';

/** How good the entities of a type are now. */
export interface TypeScore {
  readonly entityType: EntityType;
  /** From 0 to 100; null where there is no entity, and before the first audit. */
  readonly score: number | null;
  readonly entityCount: number;
  readonly openCount: number;
}

/** What there is to gain by what a rule has found in a workspace. */
export interface ScoreGain extends RuleGain {
  readonly ruleId: string;
  readonly openCount: number;
}

/** How good the data of a workspace is now. */
export interface QualityScore {
  /** From 0 to 100; null where there is no entity, and before the first audit. */
  readonly score: number | null;
  readonly byEntityType: readonly TypeScore[];
  /** The largest gain first; of equal ones, the one with more to gain by other means. */
  readonly gains: readonly ScoreGain[];
}

/**
 * How good the data of workspaces is now: by what their audits have found and not resolved since, and
 * by the waivers of this moment. What was changed since the last audit counts as that audit found it.
 * Two statements, however many workspaces.
 *
 * @returns a score for each of the workspaces, in their order
 */
export function readQualityScores(
  pool: Pool,
  workspaceIds: readonly string[],
): Promise<readonly QualityScore[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(sql`
      SELECT w.id FROM unnest(${workspaceIds}::uuid[]) AS w(id)
      CROSS JOIN LATERAL (${selectLastAudit(sql`w.id`)}) a`);
    const audited = new Set(rows.map(({ id }) => id));
    const measures = await measureQuality(client, workspaceIds);
    return workspaceIds.map((id) =>
      scoreOfMeasure(measures.get(id) ?? { types: [], rules: [] }, audited.has(id)),
    );
  });
}

function scoreOfMeasure({ types, rules }: QualityMeasure, wasAudited: boolean): QualityScore {
  const entityCount = types.reduce((sum, type) => sum + type.entityCount, 0);
  const lostTenths = types.reduce((sum, type) => sum + type.lostTenths, 0);
  const score = (tenths: number, count: number): number | null =>
    wasAudited && count > 0 ? scoreOf(tenths, count) : null;
  return {
    score: score(lostTenths, entityCount),
    byEntityType: ENTITY_TYPES.map((entityType) => {
      const {
        entityCount: count = 0,
        openCount = 0,
        lostTenths: tenths = 0,
      } = types.find((type) => type.entityType === entityType) ?? {};
      return { entityType, score: score(tenths, count), entityCount: count, openCount };
    }),
    gains: rules
      .map(({ ruleId, openCount, ...tenths }) => ({
        ...{ ruleId, openCount },
        ...gainOf(tenths, entityCount),
      }))
      .sort(byGain),
  };
}

function byGain(a: ScoreGain, b: ScoreGain): number {
  return (
    b.gain - a.gain ||
    b.gainIfResolved - a.gainIfResolved ||
    b.openCount - a.openCount ||
    (a.ruleId < b.ruleId ? -1 : 1)
  );
}
