import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { notFound } from '../../../../platform/errors.ts';
import type { AuditMode, BatchStatus } from '../../generated/prisma/enums.ts';
import { STAGED_BATCH_SOURCE_TYPES, type StagedBatchSourceType } from '../../profiles/profile.ts';
import { assertTransition, statusesBefore } from './batchLifecycle.ts';

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
  /** Null for imports. */
  readonly mode: AuditMode | null;
  /** The certified audit that an incremental one builds on. */
  readonly baseBatchId: string | null;
  /** When its records and findings were deleted by retention. */
  readonly thinnedAt: Date | null;
}

const columns = sql`
  id, workspace_id AS "workspaceId", created_by_id AS "createdById", title,
  source_type AS "sourceType", profile, auto_promote AS "autoPromote", status,
  failure_reason AS "failureReason", record_count AS "recordCount",
  processed_count AS "processedCount", attempt, mode, base_batch_id AS "baseBatchId",
  thinned_at AS "thinnedAt"`;

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
 * The batch with this id.
 *
 * @throws `NOT_FOUND` where there is none
 */
export async function getStagedBatch(client: ClientBase, id: string): Promise<StagedBatch> {
  const batch = await findStagedBatch(client, id);
  if (batch === null) throw notFound('staged batch');
  return batch;
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
  const claimed = (batch: StagedBatch | null): StagedBatch | null =>
    batch?.attempt === attempt && batch.status === to ? batch : null;
  // Nearly always another job of the attempt was here before.
  const current = claimed(await findStagedBatch(client, id));
  if (current !== null) return current;
  await client.query(sql`
    UPDATE staged_batch SET status = ${to}, updated_at = now()
    WHERE id = ${id} AND attempt = ${attempt} AND status = ANY(${from}::batch_status[])`);
  return claimed(await findStagedBatch(client, id));
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
      AND status = ANY(${statusesBefore('FAILED')}::batch_status[])`);
}

/**
 * Moves a batch, which the caller has locked, to another status.
 *
 * @param failureReason - why it got there, where that needs saying
 * @throws `CONFLICT` where it may not go there
 */
export async function moveStagedBatch(
  client: ClientBase,
  batch: Pick<StagedBatch, 'id' | 'status'>,
  to: BatchStatus,
  failureReason: string | null = null,
): Promise<void> {
  assertTransition(batch, to);
  await client.query(sql`
    UPDATE staged_batch
    SET status = ${to}, failure_reason = ${failureReason}, updated_at = now(),
        finished_at = CASE WHEN ${to === 'COMPLETED' || to === 'CANCELLED'} THEN now() END
    WHERE id = ${batch.id}`);
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

/**
 * Locks a batch, whatever its attempt, until the transaction ends.
 *
 * @throws `NOT_FOUND` where there is none with the id
 */
export async function lockStagedBatchNow(client: ClientBase, id: string): Promise<StagedBatch> {
  const { rows } = await client.query<StagedBatch>(sql`
    SELECT ${columns} FROM staged_batch WHERE id = ${id} FOR UPDATE`);
  if (!rows[0]) throw notFound('staged batch');
  return rows[0];
}

/** @throws Error for anything but a source type; the database holds nothing else */
export function sourceTypeOf(text: string): StagedBatchSourceType {
  const sourceType = STAGED_BATCH_SOURCE_TYPES.find((candidate) => candidate === text);
  if (sourceType === undefined) throw new Error(`"${text}" is not a source type.`);
  return sourceType;
}
