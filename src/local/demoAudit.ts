import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import type { GatewayClient } from './gatewayClient.ts';

const pollMs = 200;

const batchSchema = z.object({
  id: z.string(),
  status: z.string(),
  failureReason: z.string().nullable(),
  recordCount: z.int(),
  findingCounts: z.array(z.object({ ruleId: z.string(), severity: z.string(), count: z.int() })),
});

/** A data audit and what it has found so far. */
export type DemoAudit = z.infer<typeof batchSchema>;

/** @returns the id of the batch */
export async function triggerDemoAudit(
  gateway: GatewayClient,
  workspaceId: string,
): Promise<string> {
  const { triggerDataAudit } = await gateway.ask(
    `mutation AuditDemo($input: TriggerDataAuditInput!) {
      triggerDataAudit(input: $input) { batchId }
    }`,
    { input: { workspaceId } },
    z.object({ triggerDataAudit: z.object({ batchId: z.string() }) }),
  );
  return triggerDataAudit.batchId;
}

/** Whether the workers are done with a batch of this status. */
export function isAudited(status: string): boolean {
  return !['STAGING', 'QUEUED', 'PROCESSING'].includes(status);
}

/** Waits until the workers are done with the audit. */
export async function awaitDemoAudit(gateway: GatewayClient, batchId: string): Promise<DemoAudit> {
  for (;;) {
    const { stagedBatch } = await gateway.ask(
      `query DemoAudit($id: ID!) {
        stagedBatch(id: $id) {
          id status failureReason recordCount
          findingCounts { ruleId severity count }
        }
      }`,
      { id: batchId },
      z.object({ stagedBatch: batchSchema }),
    );
    if (isAudited(stagedBatch.status)) return stagedBatch;
    await delay(pollMs);
  }
}

/** What an audit found, as a table for the terminal. */
export function formatDemoAudit({ recordCount, findingCounts, ...batch }: DemoAudit): string {
  if (batch.status === 'FAILED') return `The data audit failed: ${batch.failureReason}`;
  const table = formatTable(
    ['Rule', 'Severity', 'Findings'],
    findingCounts.map(({ ruleId, severity, count }) => [ruleId, severity, count]),
  );
  const total = findingCounts.reduce((sum, { count }) => sum + count, 0);
  const summary = `The data audit checked ${recordCount} records and has ${total} findings.`;
  return `${table}\n${summary}`;
}
