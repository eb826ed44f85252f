import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { BatchStatus } from '../../generated/prisma/enums.ts';
import { STAGED_BATCH_SOURCE_TYPES, type StagedBatchSourceType } from '../../profiles/profile.ts';

export type { BatchStatus };

/** A batch as services pass it around. */
export interface StagedBatch {
  readonly id: string;
  readonly workspaceId: string;
  readonly createdById: string;
  readonly title: string;
  readonly sourceType: StagedBatchSourceType;
  readonly profile: string;
  readonly autoPromote: boolean;
  readonly status: BatchStatus;
  readonly failureReason: string | null;
  readonly recordCount: number;
  readonly processedCount: number;
  readonly attempt: number;
}

const columns = sql`
  id, workspace_id AS "workspaceId", created_by_id AS "createdById", title,
  source_type AS "sourceType", profile, auto_promote AS "autoPromote", status,
  failure_reason AS "failureReason", record_count AS "recordCount",
  processed_count AS "processedCount", attempt`;

/** The batch with this id, or null. */
export async function findStagedBatch(
  client: ClientBase | Pool,
  id: string,
): Promise<StagedBatch | null> {
  const { rows } = await client.query<StagedBatch>(sql`
    SELECT ${columns} FROM staged_batch WHERE id = ${id}`);
  return rows[0] ?? null;
}

/**
 * Takes a batch for a job: moves it to `to` when it is in one of `from` and in the job's attempt.
 *
 * @returns the batch, or null when it has moved on and the job must do nothing
 */
export async function claimStagedBatch(
  client: ClientBase | Pool,
  id: string,
  attempt: number,
  from: readonly BatchStatus[],
  to: BatchStatus,
): Promise<StagedBatch | null> {
  const { rows } = await client.query<StagedBatch>(sql`
    UPDATE staged_batch SET status = ${to}, updated_at = now()
    WHERE id = ${id} AND attempt = ${attempt} AND status = ANY(${from}::batch_status[])
      AND status <> ${to}
    RETURNING ${columns}`);
  if (rows[0]) return rows[0];
  const current = await findStagedBatch(client, id);
  return current?.attempt === attempt && current.status === to ? current : null;
}

/**
 * Ends a batch as FAILED with a reason for people, unless it has reached a final or resting status.
 *
 * @param attempt - only in this attempt, where given: a late job fails nothing
 */
export async function failStagedBatch(
  client: ClientBase | Pool,
  id: string,
  reason: string,
  attempt?: number,
): Promise<void> {
  await client.query(sql`
    UPDATE staged_batch
    SET status = 'FAILED', failure_reason = ${reason}, finished_at = now(), updated_at = now()
    WHERE id = ${id} AND attempt = coalesce(${attempt ?? null}::int, attempt)
      AND status IN ('STAGING', 'QUEUED', 'PROCESSING', 'PROMOTING', 'REVERTING')`);
}

/** Moves a batch on to its promotion, which is an attempt of its own. */
export async function beginPromotion(
  client: ClientBase,
  id: string,
): Promise<Pick<StagedBatch, 'id' | 'attempt'>> {
  const { rows } = await client.query<{ attempt: number }>(sql`
    UPDATE staged_batch SET status = 'PROMOTING', attempt = attempt + 1, updated_at = now()
    WHERE id = ${id} RETURNING attempt`);
  if (!rows[0]) throw new Error(`Staged batch ${id} is gone.`);
  return { id, attempt: rows[0].attempt };
}

/** Locks a batch until the transaction ends; null when a job's attempt is not the present one. */
export async function lockStagedBatch(
  client: ClientBase,
  id: string,
  attempt: number,
): Promise<StagedBatch | null> {
  const { rows } = await client.query<StagedBatch>(sql`
    SELECT ${columns} FROM staged_batch WHERE id = ${id} AND attempt = ${attempt} FOR UPDATE`);
  return rows[0] ?? null;
}

/** @throws Error for anything but a source type; the database holds nothing else */
export function sourceTypeOf(text: string): StagedBatchSourceType {
  const sourceType = STAGED_BATCH_SOURCE_TYPES.find((candidate) => candidate === text);
  if (sourceType === undefined) throw new Error(`"${text}" is not a source type.`);
  return sourceType;
}
