import type { ClientBase } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import type { AuditMode } from '../../generated/prisma/enums.ts';
import type { RuleSet } from '../configuration/ruleSet.ts';
import type { AuditSnapshot } from './auditSnapshot.ts';

/** The certified audit that an incremental one builds on: the last one that people can decide on. */
export interface AuditBase {
  readonly batchId: string;
  /** The certified audits after it, since cancelled or built on such: what they found comes again. */
  readonly passedOver: readonly string[];
  /** As `pg_snapshot` is written: which transactions it had seen. */
  readonly snapshot: string;
  /** The day that its records were judged on, YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly snapshotAt: Date;
}

/** How much an audit looks at. */
export type AuditExtent =
  | { readonly mode: 'INCREMENTAL'; readonly base: AuditBase; readonly fullReason: null }
  | {
      readonly mode: 'FULL';
      readonly base: null;
      /** Why it is not the incremental one that was asked for. */
      readonly fullReason: string | null;
    };

/**
 * Finds out whether an audit can look at what has changed alone: there must be a certified audit that
 * people can still decide on, it and those after it must have gone by the same rules, and its snapshot
 * must be of this database's past.
 *
 * @param client - in the transaction that reads what there is to audit
 */
export async function auditExtent(
  client: ClientBase,
  workspaceId: string,
  mode: AuditMode,
  ruleSet: RuleSet,
  { systemIdentifier }: AuditSnapshot,
): Promise<AuditExtent> {
  const full = (fullReason: string | null) => ({ mode: 'FULL', base: null, fullReason }) as const;
  if (mode === 'FULL') return full(null);
  const last = await lastDecidable(client, workspaceId, ruleSet);
  if (last === null) {
    return full(
      (await hasCertified(client, workspaceId))
        ? 'The full audits were cancelled, or deleted after they had failed, so what they found is to be reviewed anew.'
        : 'The workspace has no audit with a certificate yet.',
    );
  }
  const { hasSameRules, isOfThePast, isWrittenHere, systemIdentifier: recorded, ...base } = last;
  if (recorded === null || systemIdentifier === null) {
    return full(
      "Whether the database was restored since the last certified audit can't be told: its user may not call pg_control_system().",
    );
  }
  if (recorded !== systemIdentifier || !isOfThePast || !isWrittenHere) {
    return full(
      'The database was restored since the last certified audit, so its transactions are not those of then.',
    );
  }
  if (!hasSameRules) {
    return full(
      'The rules, their settings or the default country have changed since the last certified audit.',
    );
  }
  return { mode: 'INCREMENTAL', base, fullReason: null };
}

interface LastDecidable extends AuditBase {
  readonly hasSameRules: boolean;
  readonly systemIdentifier: string | null;
  readonly isOfThePast: boolean;
  readonly isWrittenHere: boolean;
}

/**
 * The last certified audit that people can decide on, together with all that it leaves to others: the
 * one that it builds on, and so on to a full one. An audit that was cancelled is not, nor is one that
 * was thinned after it had failed: it can't be retried.
 *
 * A database that was loaded from a dump counts its transactions anew. There, either the present ones
 * come before those of the base (or so far after them that 32 bits don't tell), or the row of the base
 * was written by an earlier transaction than any that came after its snapshot, or the server is another.
 */
async function lastDecidable(
  client: ClientBase,
  workspaceId: string,
  ruleSet: RuleSet,
): Promise<LastDecidable | null> {
  const { rows } = await client.query<LastDecidable>(sql`
    WITH RECURSIVE certified AS MATERIALIZED (
      SELECT id, base_batch_id,
             rule_set IS NOT DISTINCT FROM ${JSON.stringify(ruleSet)}::jsonb AS has_same_rules,
             status <> 'CANCELLED' AND (status <> 'FAILED' OR thinned_at IS NULL) AS is_kept
      FROM (${selectCertified(workspaceId)}) c
    ), decidable AS (
      SELECT id FROM certified WHERE is_kept AND base_batch_id IS NULL
      UNION ALL
      SELECT c.id FROM certified c JOIN decidable d ON d.id = c.base_batch_id WHERE c.is_kept
    ), base AS (
      SELECT *, xmin AS written_by, snapshot::pg_snapshot AS taken FROM staged_batch
      WHERE id = (SELECT id FROM decidable ORDER BY id DESC LIMIT 1)
    )
    SELECT id AS "batchId", snapshot, snapshot_at AS "snapshotAt",
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
           ARRAY(SELECT c.id FROM certified c WHERE c.id > base.id) AS "passedOver",
           (SELECT bool_and(c.has_same_rules) FROM certified c WHERE c.id >= base.id)
             AS "hasSameRules",
           system_identifier AS "systemIdentifier",
           pg_snapshot_xmax(pg_current_snapshot())::text::numeric
             - pg_snapshot_xmin(taken)::text::numeric < 2 ^ 31
             AND pg_snapshot_xmax(taken) <= pg_snapshot_xmax(pg_current_snapshot()) AS "isOfThePast",
           age(written_by) <= age(pg_snapshot_xmax(taken)::xid) AS "isWrittenHere"
    FROM base`);
  return rows[0] ?? null;
}

async function hasCertified(client: ClientBase, workspaceId: string): Promise<boolean> {
  const { rowCount } = await client.query(sql`${selectCertified(workspaceId)} LIMIT 1`);
  return rowCount === 1;
}

function selectCertified(workspaceId: string): Sql {
  return sql`
    SELECT * FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND source_type = 'DATA_AUDIT' AND certificate IS NOT NULL`;
}
