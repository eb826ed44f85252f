import type { Command } from 'commander';
import { z } from 'zod';
import { succeeded, waitForBatch } from '../batchSummary.ts';
import { printNote, printResult } from '../output.ts';
import { openSession } from '../session.ts';

const RETRY = /* GraphQL */ `
  mutation RetryStagedBatch($input: RetryStagedBatchInput!) {
    retryStagedBatch(input: $input) { status }
  }
`;

const retriedShape = z.object({ retryStagedBatch: z.object({ status: z.string() }) });

export function addRetryCommand(program: Command): void {
  program
    .command('retry')
    .argument('<batch>', 'the staged batch')
    .description('go on with a batch that has failed, and wait until it rests')
    .action(async (batchId: string, _options: object, command: Command) => {
      const { gateway, json } = await openSession(command);
      const input = { batchId };
      const { retryStagedBatch } = await gateway.query(RETRY, { input }, retriedShape);
      const unit = retryStagedBatch.status === 'PROCESSING' ? 'records' : 'parts';
      const summary = await waitForBatch(gateway, batchId, 'retry', unit);
      if (!succeeded(summary)) process.exitCode = 1;
      const { status, failureReason } = summary;
      if (json) {
        printResult(JSON.stringify({ batchId, status, failureReason }));
        return;
      }
      printResult(`Batch ${batchId}: ${status}.`);
      if (failureReason !== null) printNote(failureReason);
    });
}
