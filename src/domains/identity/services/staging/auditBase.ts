import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { AuditMode } from '../../generated/prisma/enums.ts';
import type { RuleSet } from '../configuration/ruleSet.ts';
import type { AuditSnapshot } from './auditSnapshot.ts';

/** The certified audit that an incremental one builds on. */
export interface AuditBase {
  readonly batchId: string;
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
 * Finds out whether an audit can look at what has changed alone: the last one of the workspace with a
 * certificate must have gone by the same rules, and its snapshot must be of this database's past.
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
  const last = await lastCertified(client, workspaceId, ruleSet);
  if (last === null) return full('The workspace has no audit with a certificate yet.');
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

interface LastCertified extends AuditBase {
  readonly hasSameRules: boolean;
  readonly systemIdentifier: string | null;
  readonly isOfThePast: boolean;
  readonly isWrittenHere: boolean;
}

/**
 * A database that was loaded from a dump counts its transactions anew. There, either the present ones
 * come before those of the base (or so far after them that 32 bits don't tell), or the row of the base
 * was written by an earlier transaction than any that came after its snapshot, or the server is another.
 */
async function lastCertified(
  client: ClientBase,
  workspaceId: string,
  ruleSet: RuleSet,
): Promise<LastCertified | null> {
  const { rows } = await client.query<LastCertified>(sql`
    WITH base AS (
      SELECT *, xmin AS written_by, snapshot::pg_snapshot AS taken FROM staged_batch
      WHERE workspace_id = ${workspaceId} AND source_type = 'DATA_AUDIT' AND certificate IS NOT NULL
      ORDER BY id DESC LIMIT 1
    )
    SELECT id AS "batchId", snapshot, snapshot_at AS "snapshotAt",
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
           rule_set IS NOT DISTINCT FROM ${JSON.stringify(ruleSet)}::jsonb AS "hasSameRules",
           system_identifier AS "systemIdentifier",
           pg_snapshot_xmax(pg_current_snapshot())::text::numeric
             - pg_snapshot_xmin(taken)::text::numeric < 2 ^ 31
             AND pg_snapshot_xmax(taken) <= pg_snapshot_xmax(pg_current_snapshot()) AS "isOfThePast",
           age(written_by) <= age(pg_snapshot_xmax(taken)::xid) AS "isWrittenHere"
    FROM base`);
  return rows[0] ?? null;
}
