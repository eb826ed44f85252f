import type { Command } from 'commander';
import { z } from 'zod';
import { type AuditOutcome, formatLedger, readAuditOutcome } from '../auditOutcome.ts';
import {
  type BatchSummary,
  formatFindingCounts,
  readSummary,
  succeeded,
  waitForBatch,
} from '../batchSummary.ts';
import type { GatewayClient } from '../gatewayClient.ts';
import { printNote, printResult } from '../output.ts';
import { openSession, workspaceId } from '../session.ts';

const TRIGGER = /* GraphQL */ `
  mutation TriggerDataAudit($input: TriggerDataAuditInput!) {
    triggerDataAudit(input: $input) { batchId recordCount }
  }
`;

const triggeredShape = z.object({
  triggerDataAudit: z.object({ batchId: z.string(), recordCount: z.number() }),
});

const EXTENT = /* GraphQL */ `
  query AuditExtent($id: ID!) {
    stagedBatch(id: $id) { fullReason }
  }
`;

const extentShape = z.object({ stagedBatch: z.object({ fullReason: z.string().nullable() }) });

interface AuditOptions {
  readonly workspace: string;
  readonly wait?: true;
  readonly incremental?: true;
  readonly title?: string;
}

export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .requiredOption('--workspace <slug>', 'the workspace to audit')
    .option('--incremental', 'check only what has changed since the last audit')
    .option('--title <text>', 'what people call it (default: the kind and the day)')
    .option('--wait', 'wait for the findings; exit 0 only if the audit got that far')
    .description('send every contact, site and device of a workspace through review')
    .action(async ({ workspace, wait, incremental, title }: AuditOptions, command: Command) => {
      const session = await openSession(command);
      const { gateway, json } = session;
      const began = performance.now();
      const input = {
        workspaceId: await workspaceId(session, workspace),
        ...(incremental ? { mode: 'INCREMENTAL' } : {}),
        ...(title === undefined ? {} : { title }),
      };
      const { triggerDataAudit } = await gateway.query(TRIGGER, { input }, triggeredShape);
      const { batchId } = triggerDataAudit;
      if (incremental) await noteFullReason(gateway, batchId);
      if (!wait) {
        printAudit(await readSummary(gateway, batchId), json, null, null);
        return;
      }
      const summary = await waitForBatch(gateway, batchId, 'audit');
      const seconds = (performance.now() - began) / 1_000;
      const outcome = succeeded(summary) ? await readAuditOutcome(gateway, batchId) : null;
      printAudit(summary, json, seconds, outcome);
      if (outcome === null) process.exitCode = 1;
    });
}

/** Says why an audit is a full one that was to be incremental. */
async function noteFullReason(gateway: GatewayClient, id: string): Promise<void> {
  const { stagedBatch } = await gateway.query(EXTENT, { id }, extentShape);
  const { fullReason } = stagedBatch;
  if (fullReason !== null) printNote(`This audit is a full one: ${fullReason}`);
}

/**
 * @param seconds - how long it took; null while it is under way
 * @param outcome - null where it is under way, or came to none
 */
function printAudit(
  summary: BatchSummary,
  json: boolean,
  seconds: number | null,
  outcome: AuditOutcome | null,
): void {
  const { id, recordCount, status, findingCounts, failureReason } = summary;
  if (json) {
    const ledger = outcome?.ledger ?? null;
    const result = { batchId: id, recordCount, status, findings: findingCounts, ledger };
    printResult(JSON.stringify(result));
    printNotes(outcome);
    return;
  }
  const time = seconds === null ? '' : ` after ${seconds.toFixed(1)} s`;
  printResult(`Audit ${id}: ${recordCount} records, ${status}${time}.`);
  if (failureReason !== null) printNote(failureReason);
  if (seconds === null) {
    printNote('It goes on by itself. Use --wait to wait for the findings.');
    return;
  }
  if (outcome === null) return;
  printResult(formatFindingCounts(summary));
  if (outcome.ledger !== null) printResult(formatLedger(outcome.ledger));
  printNotes(outcome);
}

function printNotes(outcome: AuditOutcome | null): void {
  for (const line of outcome?.notes ?? []) printNote(line);
}
