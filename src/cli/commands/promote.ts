import type { Command } from 'commander';
import { collect } from '../collect.ts';
import { parseRow } from '../rows.ts';
import { runOnBatch } from '../runOnBatch.ts';

interface PromoteOptions {
  readonly row: readonly string[];
  readonly dryRun?: true;
}

export function addPromoteCommand(program: Command): void {
  program
    .command('promote')
    .argument('<batch>', 'the staged batch')
    .option('--row <n>', 'only this record, such as one that failed; repeatable', collect, [])
    .option('--dry-run', 'say what would change, and change nothing')
    .description('put what is accepted of a batch into production, and wait until it is there')
    .action((batchId: string, { row, dryRun }: PromoteOptions, command: Command) =>
      runOnBatch(command, 'promotion', {
        batchId,
        dryRun: dryRun ?? false,
        ...(row.length === 0 ? {} : { rowIndexes: row.map(parseRow) }),
      }),
    );
}
