import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { AuditMode } from '../../generated/prisma/enums.ts';

/** Audits that are triggered by the clock, on behalf of their owner. */
export interface AuditSchedule {
  readonly id: string;
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly title: string | null;
  readonly mode: AuditMode;
  readonly cron: string;
  readonly timeZone: string;
  /** Null where it runs. */
  readonly pausedAt: Date | null;
  /** Null where it is paused. */
  readonly nextRunAt: Date | null;
}

/** Locks a schedule until the transaction ends; null where there is none with the id. */
export async function lockSchedule(client: ClientBase, id: string): Promise<AuditSchedule | null> {
  const { rows } = await client.query<AuditSchedule>(sql`
    SELECT id, workspace_id AS "workspaceId", owner_id AS "ownerId", title, mode, cron,
           time_zone AS "timeZone", paused_at AS "pausedAt", next_run_at AS "nextRunAt"
    FROM audit_schedule WHERE id = ${id} FOR UPDATE`);
  return rows[0] ?? null;
}
