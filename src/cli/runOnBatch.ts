import type { Command } from 'commander';
import { beginRun, printRun, type RunKind, waitForRun } from './batchRuns.ts';
import { readNotReversed } from './notReversed.ts';
import { openSession } from './session.ts';

type RunInput = Parameters<typeof beginRun>[2];

/**
 * Promotes or reverts a batch and prints what came of it; exits with 1 where it did not get to its
 * end.
 */
export async function runOnBatch(command: Command, kind: RunKind, input: RunInput): Promise<void> {
  const { gateway, json } = await openSession(command);
  const { batchId } = input;
  const { runId, batch, ...tried } = await beginRun(gateway, kind, input);
  if (runId === null) {
    const { status } = batch;
    const outcome = { status, failureReason: null, succeeded: true, ...tried };
    printRun(kind, { batchId, runId }, outcome, json);
    return;
  }
  const ended = await waitForRun(gateway, kind, batchId, runId);
  const notReversed =
    kind === 'reversal' ? await readNotReversed(gateway, batchId, runId) : undefined;
  printRun(kind, { batchId, runId }, { ...ended, ...(notReversed && { notReversed }) }, json);
  if (!ended.succeeded) process.exitCode = 1;
}
