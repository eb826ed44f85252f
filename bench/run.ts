/** `npm run bench -- NAME [--entities N] [--json]`: ours and the floor in turn, as medians and ratios. */
import { Command, InvalidArgumentError } from 'commander';
import { formatTable } from '../src/platform/table.ts';
import { benchAudit } from './audit.ts';
import { benchDuplicates } from './duplicates.ts';
import { benchPromote } from './promote.ts';
import { benchQueue } from './queue.ts';
import type { BenchResult } from './result.ts';
import { benchStaging } from './staging.ts';

const benchmarks: Readonly<Record<string, (entities: number) => Promise<BenchResult>>> = {
  staging: benchStaging,
  audit: benchAudit,
  promote: benchPromote,
  queue: benchQueue,
  duplicates: benchDuplicates,
};

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It takes a whole number above 0.');
}

await new Command('bench')
  .argument('<name>', Object.keys(benchmarks).join(', '))
  .option('--entities <n>', 'how many entities the workspace has; jobs, for queue', wholeNumber)
  .option('--json', 'print the result as one object on the last line')
  .action(async (name: string, options: { entities?: number; json?: true }, command: Command) => {
    const benchmark = benchmarks[name];
    if (benchmark === undefined) command.error(`error: there is no benchmark ${name}`);
    const result = await benchmark(options.entities ?? (name === 'queue' ? 1_500 : 100_000));
    console.log(
      formatTable(
        ['Figure', 'Median'],
        Object.entries(result).map(([figure, value]) => [
          figure,
          typeof value === 'number' ? Number(value.toPrecision(4)) : value,
        ]),
      ),
    );
    if (options.json) console.log(JSON.stringify(result));
  })
  .parseAsync();
