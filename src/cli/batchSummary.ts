import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import type { GatewayClient } from './gatewayClient.ts';
import { startProgress } from './progress.ts';

const POLL_MS = 250;
const MOVING = ['STAGING', 'QUEUED', 'PROCESSING', 'PROMOTING', 'REVERTING'];

const summarySchema = z.object({
  id: z.string(),
  status: z.string(),
  failureReason: z.string().nullable(),
  recordCount: z.number(),
  processedCount: z.number(),
  findingCounts: z.array(
    z.object({
      ruleId: z.string(),
      severity: z.string(),
      count: z.number(),
      openCount: z.number(),
      waivedCount: z.number(),
    }),
  ),
  recordCounts: z.array(z.object({ status: z.string(), count: z.number() })),
  matchCounts: z.array(z.object({ kind: z.string(), count: z.number() })),
});

/** How far a batch has come, and what was found. */
export type BatchSummary = z.infer<typeof summarySchema>;

const PROGRESS = /* GraphQL */ `
  query BatchProgress($id: ID!) {
    stagedBatch(id: $id) { status progress { done total } }
  }
`;
const progressShape = z.object({
  stagedBatch: z.object({
    status: z.string(),
    progress: z.object({ done: z.number(), total: z.number() }),
  }),
});

const SUMMARY = /* GraphQL */ `
  query BatchSummary($id: ID!) {
    stagedBatch(id: $id) {
      id status failureReason recordCount processedCount
      findingCounts { ruleId severity count openCount waivedCount }
      recordCounts { status count }
      matchCounts { kind count }
    }
  }
`;

export async function readSummary(gateway: GatewayClient, id: string): Promise<BatchSummary> {
  const shape = z.object({ stagedBatch: summarySchema });
  return (await gateway.query(SUMMARY, { id }, shape)).stagedBatch;
}

/**
 * Waits until a batch rests or has ended, with a progress bar on a terminal.
 *
 * @param unit - what its progress counts: records, or parts of a promotion or reversal
 */
export async function waitForBatch(
  gateway: GatewayClient,
  id: string,
  label: string,
  unit: 'records' | 'parts' = 'records',
): Promise<BatchSummary> {
  const progress = startProgress(label, unit);
  try {
    for (;;) {
      const { stagedBatch } = await gateway.query(PROGRESS, { id }, progressShape);
      progress.update(stagedBatch.progress.done, stagedBatch.progress.total);
      if (!MOVING.includes(stagedBatch.status)) return await readSummary(gateway, id);
      await delay(POLL_MS);
    }
  } finally {
    progress.stop();
  }
}

/** Whether the batch got where it should: to its review, or to its end. */
export function succeeded({ status }: Pick<BatchSummary, 'status'>): boolean {
  return status === 'READY_FOR_REVIEW' || status === 'COMPLETED';
}

/**
 * The findings by rule and severity, for people: those to review as `review` lists them, and those
 * that somebody has waived apart.
 */
export function formatFindingCounts({ findingCounts }: BatchSummary): string {
  if (findingCounts.length === 0) return 'Nothing was found.';
  return formatTable(
    ['Rule', 'Severity', 'Findings', 'To review', 'Waived'],
    findingCounts.map(({ ruleId, severity, count, openCount, waivedCount }) => [
      ruleId,
      severity,
      count,
      openCount,
      waivedCount,
    ]),
  );
}
