import type { Command } from 'commander';
import { z } from 'zod';
import { printNote, printResult } from '../output.ts';
import { openSession } from '../session.ts';

const CANCEL = /* GraphQL */ `
  mutation CancelStagedBatch($input: CancelStagedBatchInput!) {
    cancelStagedBatch(input: $input) { status failureReason }
  }
`;

const cancelledShape = z.object({
  cancelStagedBatch: z.object({ status: z.string(), failureReason: z.string().nullable() }),
});

export function addCancelCommand(program: Command): void {
  program
    .command('cancel')
    .argument('<batch>', 'the staged batch')
    .description('stop a batch for good; what it has applied stays applied')
    .action(async (batchId: string, _options: object, command: Command) => {
      const { gateway, json } = await openSession(command);
      const input = { batchId };
      const { cancelStagedBatch } = await gateway.query(CANCEL, { input }, cancelledShape);
      const { status, failureReason } = cancelStagedBatch;
      if (json) {
        printResult(JSON.stringify({ batchId, status, failureReason }));
        return;
      }
      printResult(`Batch ${batchId}: ${status}.`);
      if (failureReason !== null) printNote(failureReason);
    });
}
