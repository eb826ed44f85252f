import { ExpectedError } from '../../../../platform/errors.ts';
import { BatchStatus } from '../../generated/prisma/enums.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Every status of a batch with those that may follow it; docs/architecture.md shows the same table.
 * READY_FOR_REVIEW rests as long as people like; COMPLETED leaves it with nothing to decide, and is
 * left again when something is reopened, promoted or undone. FAILED is left by a retry or given up;
 * of CANCELLED nothing goes on, but what its promotions had applied can still be undone.
 */
export const BATCH_TRANSITIONS: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  STAGING: ['QUEUED', 'FAILED', 'CANCELLED'],
  QUEUED: ['PROCESSING', 'FAILED', 'CANCELLED'],
  PROCESSING: ['READY_FOR_REVIEW', 'COMPLETED', 'PROMOTING', 'FAILED', 'CANCELLED'],
  READY_FOR_REVIEW: ['PROMOTING', 'REVERTING', 'COMPLETED', 'CANCELLED'],
  PROMOTING: ['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'],
  REVERTING: ['READY_FOR_REVIEW', 'COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: ['READY_FOR_REVIEW', 'PROMOTING', 'REVERTING'],
  FAILED: ['PROCESSING', 'PROMOTING', 'REVERTING', 'CANCELLED'],
  CANCELLED: ['REVERTING'],
};

/** The statuses in which the queue has work on a batch, or should have. */
export const WORKED_ON: readonly BatchStatus[] = ['QUEUED', 'PROCESSING', 'PROMOTING', 'REVERTING'];

/** The statuses in which a batch waits for people, or for nothing any more. */
export const RESTING: readonly BatchStatus[] = [
  'READY_FOR_REVIEW',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
];

/** The statuses from which a batch may come to this one. */
export function statusesBefore(status: BatchStatus): readonly BatchStatus[] {
  const all = Object.values(BatchStatus);
  return all.filter((before) => BATCH_TRANSITIONS[before].includes(status));
}

const WHAT_TO_DO: Partial<Record<BatchStatus, string>> = {
  STAGING: 'Wait until it is ready for review.',
  QUEUED: 'Wait until it is ready for review.',
  PROCESSING: 'Wait until it is ready for review.',
  PROMOTING: 'Wait until its promotion has ended.',
  REVERTING: 'Wait until its reversal has ended.',
  FAILED: 'Retry it first.',
  CANCELLED: 'Start a new one.',
};

/**
 * Demands that a batch still has its records.
 *
 * @throws `CONFLICT` where retention has deleted them
 */
export function assertNotThinned({ thinnedAt }: Pick<StagedBatch, 'thinnedAt'>): void {
  if (thinnedAt === null) return;
  const day = thinnedAt.toISOString().slice(0, 10);
  throw new ExpectedError(
    'CONFLICT',
    `The batch was thinned on ${day}, as this workspace keeps batches no longer: nothing can be decided, promoted or undone in it any more.`,
  );
}

/**
 * Demands that a batch may go on to a status.
 *
 * @throws `CONFLICT` saying which status it has, and what to do
 */
export function assertTransition({ status }: Pick<StagedBatch, 'status'>, to: BatchStatus): void {
  if (BATCH_TRANSITIONS[status].includes(to)) return;
  if (status === to) throw new ExpectedError('CONFLICT', `The batch is ${to} already.`, { status });
  throw conflict(status, `The batch is ${status} and can't become ${to}.`);
}

/**
 * Demands that a promotion or reversal of a batch may begin. A failed one is gone on with instead,
 * by a retry: its steps are not all done.
 *
 * @throws `CONFLICT` saying which status it has, and what to do
 */
export function assertRunMayBegin(
  batch: Pick<StagedBatch, 'status'>,
  to: 'PROMOTING' | 'REVERTING',
): void {
  if (batch.status === 'FAILED') {
    throw conflict(batch.status, `The batch is FAILED and can't become ${to} anew.`);
  }
  assertTransition(batch, to);
}

/**
 * Demands that a batch may be retried.
 *
 * @throws `CONFLICT` saying which status it has: only what has failed can be retried
 */
export function assertMayBeRetried({ status }: Pick<StagedBatch, 'status'>): void {
  if (status === 'FAILED') return;
  const message = `The batch is ${status}. Only one that is FAILED can be retried.`;
  throw new ExpectedError('CONFLICT', message, { status });
}

function conflict(status: BatchStatus, message: string): ExpectedError {
  return new ExpectedError('CONFLICT', [message, WHAT_TO_DO[status]].join(' ').trim(), { status });
}

/** The statuses in which people decide on the findings and records of a batch. */
export const REVIEWABLE: readonly BatchStatus[] = ['READY_FOR_REVIEW', 'COMPLETED'];

/**
 * Demands that people may decide on a batch's findings and records now.
 *
 * @throws `CONFLICT` saying which status it has, and what to do
 */
export function assertReviewable({ status }: Pick<StagedBatch, 'status'>): void {
  if (REVIEWABLE.includes(status)) return;
  throw conflict(status, `The batch is ${status}, so nothing can be decided on it.`);
}
