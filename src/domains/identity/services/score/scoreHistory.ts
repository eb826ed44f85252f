import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput } from '../../../../platform/errors.ts';
import type { EntityType } from '../../rules/entities.ts';
import { overallScore, type WeighedScore } from './score.ts';

/** How good an audit has found the entities of a type to be. */
export interface TypePoint extends WeighedScore {
  readonly entityType: EntityType;
}

/** How good an audit has found a workspace to be. */
export interface ScorePoint {
  readonly batchId: string;
  readonly measuredAt: Date;
  /** Of all entities together: the scores of the types, weighed by how many entities they have. */
  readonly score: number;
  readonly byEntityType: readonly TypePoint[];
}

const MAX_POINTS = 1_000;

/**
 * The scores of a workspace's last audits, oldest first.
 *
 * @param last - of how many audits
 * @throws `BAD_USER_INPUT` for a number that is out of bounds
 */
export async function readScoreHistory(
  pool: Pool,
  workspaceId: string,
  last: number,
): Promise<readonly ScorePoint[]> {
  if (last < 1 || last > MAX_POINTS) {
    throw badUserInput('last', `Ask for at least 1 audit, and for ${MAX_POINTS} at the most.`);
  }
  const { rows } = await pool.query<Omit<ScorePoint, 'score'>>(sql`
    SELECT batch_id AS "batchId", max(created_at) AS "measuredAt",
           jsonb_agg(jsonb_build_object('entityType', entity_type, 'score', score,
             'entityCount', entity_count) ORDER BY entity_type) AS "byEntityType"
    FROM quality_score WHERE workspace_id = ${workspaceId}
    GROUP BY batch_id ORDER BY batch_id DESC LIMIT ${last}`);
  return rows
    .reverse()
    .map((point) => ({ ...point, score: overallScore(point.byEntityType) ?? 0 }));
}
