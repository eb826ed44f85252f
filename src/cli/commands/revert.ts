import type { Command } from 'commander';
import { collect } from '../collect.ts';
import { addFilterOptions, type FilterOptions, filterOf, selectionOf } from '../reviewFilter.ts';
import { parseRow } from '../rows.ts';
import { runOnBatch } from '../runOnBatch.ts';

interface RevertOptions extends Omit<FilterOptions, 'all'> {
  readonly dryRun?: true;
}

export function addRevertCommand(program: Command): void {
  const command = program.command('revert').argument('<batch>', 'the staged batch');
  addFilterOptions(command)
    .option('--row <n>', 'only this record; repeatable', collect, [])
    .option('--dry-run', 'say what would change, and change nothing')
    .description('undo what a batch has changed in production, and wait until it is undone')
    .action((batchId: string, { dryRun, ...options }: RevertOptions, self: Command) =>
      runOnBatch(self, 'reversal', { batchId, dryRun: dryRun ?? false, ...scopeOf(options) }),
    );
}

/** Everything that the batch has changed, where nothing else is said. */
function scopeOf(options: Omit<FilterOptions, 'all'>) {
  const { row } = options;
  if (row.length === 0 && Object.keys(filterOf(options)).length === 0) return {};
  const filter = selectionOf(options, '--row', row);
  return filter === null ? { rowIndexes: row.map(parseRow) } : { filter };
}
