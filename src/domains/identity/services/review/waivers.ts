import type { ClientBase, Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { badUserInput } from '../../../../platform/errors.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { type DecisionKey, reviewerText } from './decisionLog.ts';
import type { WaiverTerms } from './waiverStatement.ts';

/**
 * What a waiver says, as a reviewer gave it.
 *
 * @throws `BAD_USER_INPUT` without a reason, and for an end that has passed
 */
export function waiverTerms(reason: string, expiresAt: Date | null): WaiverTerms {
  const text = reviewerText('reason', reason);
  if (text === null) {
    throw badUserInput('input.reason', 'Say why the value is fine: others will want to know.');
  }
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
    throw badUserInput('input.expiresAt', 'This has passed already. Give a time to come, or none.');
  }
  return { reason: text, expiresAt };
}

/**
 * Honours waivers: findings that were just made on a value that somebody has waived, for the same
 * rule in the same version, are WAIVED from the start. Where a workspace has no waiver, it asks for
 * that alone.
 *
 * @param ruleId - looks at this rule's findings only, where given: several rules of a batch may be
 *   run at the same time
 */
export async function applyWaivers(
  client: ClientBase,
  { id, workspaceId }: Pick<StagedBatch, 'id' | 'workspaceId'>,
  firstRow: number,
  endRow: number,
  ruleId?: string,
): Promise<void> {
  const ofRule = (table: Sql): Sql =>
    ruleId === undefined ? sql`true` : sql`${table}.rule_id = ${ruleId}`;
  const statement = sql`
    WITH valid AS MATERIALIZED (
      SELECT DISTINCT ON (entity_type, entity_id, rule_id, rule_version, field, value)
             entity_type, entity_id, rule_id, rule_version, field, value, created_by_id
      FROM waiver w
      WHERE workspace_id = ${workspaceId} AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now()) AND ${ofRule(sql`w`)}
      ORDER BY entity_type, entity_id, rule_id, rule_version, field, value, created_at
    )
    UPDATE finding f SET decision = 'WAIVED', decided_by_id = v.created_by_id
    FROM valid v
    WHERE EXISTS (SELECT FROM valid)
      AND f.batch_id = ${id} AND f.row_index >= ${firstRow} AND f.row_index < ${endRow}
      AND ${ofRule(sql`f`)} AND f.decision = 'OPEN'
      AND f.entity_type = v.entity_type AND f.entity_id = v.entity_id AND f.rule_id = v.rule_id
      AND f.rule_version = v.rule_version AND f.field = v.field
      AND f.current_value IS NOT DISTINCT FROM v.value`;
  await withoutNestedLoops(client, () => client.query(statement));
}

/** The waiver that a WAIVED finding is owed to. */
export interface Waiver extends DecisionKey, WaiverTerms {
  readonly id: string;
  readonly createdById: string;
  readonly createdAt: Date;
}

/**
 * The waivers that WAIVED findings are owed to, whichever audit they were given in: of several, that
 * of whom the finding was waived by, and otherwise the one that has taken its place.
 */
export async function listWaivers(
  pool: Pool,
  keys: readonly DecisionKey[],
): Promise<readonly Waiver[]> {
  const { rows } = await pool.query<Waiver>(sql`
    SELECT DISTINCT ON (f.batch_id, f.row_index, f.ordinal)
           f.batch_id AS "batchId", f.row_index AS "rowIndex", f.ordinal, w.id, w.reason,
           w.expires_at AS "expiresAt", w.created_by_id AS "createdById",
           w.created_at AS "createdAt"
    FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
      AS k("batchId" uuid, "rowIndex" int, ordinal int)
    JOIN finding f ON f.batch_id = k."batchId" AND f.row_index = k."rowIndex"
      AND f.ordinal = k.ordinal AND f.decision = 'WAIVED'
    JOIN staged_batch b ON b.id = f.batch_id
    JOIN waiver w ON w.workspace_id = b.workspace_id AND w.entity_id = f.entity_id
      AND w.rule_id = f.rule_id AND w.rule_version = f.rule_version AND w.field = f.field
      AND w.value IS NOT DISTINCT FROM f.current_value
    WHERE w.revoked_at IS NULL
    ORDER BY f.batch_id, f.row_index, f.ordinal, w.created_by_id = f.decided_by_id DESC,
      w.created_at DESC, w.id`);
  return rows;
}
