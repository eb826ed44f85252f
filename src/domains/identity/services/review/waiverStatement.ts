import sql, { type Sql } from 'sql-template-tag';
import type { FindingDecision } from '../../generated/prisma/enums.ts';
import type { ReviewedBatch } from './lockReviewedBatch.ts';

/** What a waiver says beside the value it is given for. */
export interface WaiverTerms {
  readonly reason: string;
  /** Null for one that lasts. */
  readonly expiresAt: Date | null;
}

/** The part of a decision that is about waivers. */
interface WaiverStatement {
  readonly batch: ReviewedBatch;
  readonly actorId: string;
  readonly decision: FindingDecision;
  /** Of a decision WAIVED. */
  readonly waiver: WaiverTerms | null;
}

/** Whether a waiver `w` of a workspace still stands for what was found: `f`, a finding or like one. */
function isLiveWaiverOf({ workspaceId }: ReviewedBatch, f: Sql): Sql {
  return sql`(w.workspace_id = ${workspaceId}::uuid AND w.entity_id = ${f}.entity_id
    AND w.rule_id = ${f}.rule_id AND w.rule_version = ${f}.rule_version AND w.field = ${f}.field
    AND w.value IS NOT DISTINCT FROM ${f}.current_value AND w.revoked_at IS NULL)`;
}

/**
 * Whether to waive a finding of `target`, which is WAIVED already, would give its waiver other terms.
 * Of a row that is not in production none are kept that could be others.
 */
export function changesTerms({ batch, waiver }: WaiverStatement): Sql {
  return sql`(target.entity_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM waiver w
    WHERE ${isLiveWaiverOf(batch, sql`target`)} AND w.reason = ${waiver?.reason ?? ''}
      AND w.expires_at IS NOT DISTINCT FROM ${waiver?.expiresAt ?? null}::timestamptz))`;
}

/**
 * A waiver holds as long as the decision does: what is decided anew revokes it, also where another one
 * with other terms takes its place. Rows that are not in production have none to keep.
 */
export function waivers({ batch, decision, actorId, waiver }: WaiverStatement): Sql {
  const revoked = sql`revoked AS (
    UPDATE waiver SET revoked_at = now()
    WHERE id IN (
      SELECT w.id FROM waiver w JOIN decided d ON ${isLiveWaiverOf(batch, sql`d`)}
      WHERE d.before = 'WAIVED'
        AND w.entity_id = ANY (ARRAY (SELECT entity_id FROM decided WHERE before = 'WAIVED'))
      ORDER BY w.id FOR NO KEY UPDATE OF w)
  )`;
  if (decision !== 'WAIVED') return revoked;
  // Ids are made in Node elsewhere; these may be as many as an audit has findings.
  return sql`${revoked}, waived AS (
    INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
      value, reason, expires_at, created_by_id)
    SELECT gen_random_uuid(), ${batch.workspaceId}::uuid, entity_type, entity_id, rule_id,
           rule_version, field, current_value, ${waiver?.reason ?? ''},
           ${waiver?.expiresAt ?? null}::timestamptz, ${actorId}::uuid
    FROM decided WHERE entity_id IS NOT NULL
  )`;
}
