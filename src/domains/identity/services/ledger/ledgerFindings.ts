import type { Pool } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import type { SuggestionCertainty } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { isWaived } from './isWaived.ts';
import { selectLastAudit } from './lastAudit.ts';
import { hasSameKey } from './ledgerKey.ts';

/** Where an entry of the ledger stands now. */
export type LedgerState = 'OPEN' | 'WAIVED' | 'RESOLVED';

/** An entry of the ledger: a finding, whichever audits have made it. */
export interface LedgerFinding {
  readonly workspaceId: string;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly ruleId: string;
  readonly field: string;
  readonly discriminator: string;
  readonly state: LedgerState;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Null where it is not resolved. */
  readonly resolvedAt: Date | null;
  /** As it was seen last, and all that follows. */
  readonly ruleVersion: number;
  readonly severity: Severity;
  readonly entityVersion: number;
  readonly message: string;
  readonly currentValue: string | null;
  readonly suggestedValue: string | null;
  readonly suggestionCertainty: SuggestionCertainty | null;
  readonly relatedEntityIds: readonly string[];
  readonly relatedCount: number;
}

/** Of an entry `e` and the last audit `l` of its workspace. */
const columns = sql`
  e.workspace_id AS "workspaceId", e.entity_type AS "entityType", e.entity_id AS "entityId",
  e.rule_id AS "ruleId", e.field, e.discriminator,
  CASE WHEN NOT e.open THEN 'RESOLVED' WHEN ${isWaived(sql`e`)} THEN 'WAIVED' ELSE 'OPEN' END AS state,
  e.first_seen_at AS "firstSeenAt", CASE WHEN e.open THEN l.at ELSE e.last_seen_at END AS "lastSeenAt",
  e.resolved_at AS "resolvedAt", e.rule_version AS "ruleVersion", e.severity,
  e.entity_version AS "entityVersion", e.message, e.current_value AS "currentValue",
  e.suggested_value AS "suggestedValue", e.suggestion_certainty AS "suggestionCertainty",
  e.related_entity_ids AS "relatedEntityIds", e.related_count AS "relatedCount"`;

/** An entity, in its workspace. */
export interface EntityKey {
  readonly workspaceId: string;
  readonly entityId: string;
}

/**
 * What the ledger has about some entities: errors first.
 *
 * @param openOnly - leaves out what is waived or resolved
 */
export async function listEntityFindings(
  pool: Pool,
  entities: readonly EntityKey[],
  { openOnly }: { readonly openOnly: boolean },
): Promise<readonly LedgerFinding[]> {
  const { rows } = await pool.query<LedgerFinding>(sql`
    WITH wanted AS MATERIALIZED (
      SELECT DISTINCT "workspaceId" AS workspace_id, "entityId" AS entity_id
      FROM jsonb_to_recordset(${JSON.stringify(entities)}::jsonb)
        AS k("workspaceId" uuid, "entityId" uuid)
    ), last_audit AS MATERIALIZED (
      SELECT w.workspace_id, a.at FROM (SELECT DISTINCT workspace_id FROM wanted) w
      CROSS JOIN LATERAL (${selectLastAudit(sql`w.workspace_id`)}) a
    )
    SELECT ${columns}
    FROM wanted w
    JOIN ledger_entry e ON e.workspace_id = w.workspace_id AND e.entity_id = w.entity_id
    JOIN last_audit l ON l.workspace_id = w.workspace_id
    WHERE ${openOnly ? sql`e.open AND NOT ${isWaived(sql`e`)}` : sql`true`}
    ORDER BY e.open DESC, e.severity, e.rule_id, e.field, e.discriminator`);
  return rows;
}

/** Where a resolved finding stands among those of its audit. */
export type ResolvedPosition = Pick<
  LedgerFinding,
  'ruleId' | 'entityId' | 'field' | 'discriminator'
>;

/** One page of the findings that an audit has resolved, by rule; by the index of the events. */
export async function listResolvedFindings(
  pool: Pool,
  batchId: string,
  { after, before, limit, backwards }: KeysetPage<ResolvedPosition>,
): Promise<readonly LedgerFinding[]> {
  const position = sql`(v.rule_id, v.entity_id, v.field, v.discriminator)`;
  const direction = raw(backwards ? 'DESC' : 'ASC');
  const { rows } = await pool.query<LedgerFinding>(sql`
    WITH page AS MATERIALIZED (
      SELECT v.* FROM ledger_event v
      WHERE v.batch_id = ${batchId} AND v.kind = 'RESOLVED'
        AND ${after ? sql`${position} > ${valuesOf(after)}` : sql`true`}
        AND ${before ? sql`${position} < ${valuesOf(before)}` : sql`true`}
      ORDER BY v.rule_id ${direction}, v.entity_id ${direction}, v.field ${direction},
        v.discriminator ${direction}
      LIMIT ${limit}
    )
    SELECT ${columns}
    FROM page v JOIN ledger_entry e ON ${hasSameKey(sql`e`, sql`v`)}
    CROSS JOIN LATERAL (${selectLastAudit(sql`e.workspace_id`)}) l
    ORDER BY v.rule_id ${direction}, v.entity_id ${direction}, v.field ${direction},
      v.discriminator ${direction}`);
  return rows;
}

function valuesOf({ ruleId, entityId, field, discriminator }: ResolvedPosition): Sql {
  return sql`(${ruleId}, ${entityId}::uuid, ${field}, ${discriminator})`;
}
