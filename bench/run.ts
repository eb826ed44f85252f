/** `npm run bench -- NAME [--entities N | --rows N] [--audits N] [--json]`: ours and the floor in turn, as medians and ratios. */
import { Command, InvalidArgumentError } from 'commander';
import { formatTable } from '../src/platform/table.ts';
import { benchAudit } from './audit.ts';
import { benchDev } from './dev.ts';
import { benchDuplicates } from './duplicates.ts';
import { benchHistory } from './history.ts';
import { benchImport } from './import.ts';
import { benchPromote } from './promote.ts';
import { benchQueue } from './queue.ts';
import type { BenchResult, Figures } from './result.ts';
import { benchStaging } from './staging.ts';

const benchmarks: Readonly<
  Record<string, (entities: number, audits: number) => Promise<BenchResult>>
> = {
  staging: benchStaging,
  import: benchImport,
  audit: benchAudit,
  promote: benchPromote,
  queue: benchQueue,
  duplicates: benchDuplicates,
  history: benchHistory,
  dev: benchDev,
};

/** How many, where it is not of entities. */
const USUAL: Readonly<Record<string, number>> = { queue: 1_500, dev: 20 };

function wholeNumberFrom(lowest: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= lowest) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${lowest}.`);
  };
}

interface Options {
  readonly entities?: number;
  readonly rows?: number;
  readonly audits: number;
  readonly json?: true;
}

/** Figures of several times have a table of their own. */
function printFigures(result: BenchResult): void {
  const single: [string, string | number][] = [];
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'object') printSeries(name, value);
    else single.push([name, typeof value === 'number' ? rounded(value) : value]);
  }
  console.log(formatTable(['Figure', 'Median'], single));
}

function printSeries(name: string, series: readonly Figures[]): void {
  const rows = series.map((figures, index) => [index + 1, ...Object.values(figures).map(rounded)]);
  console.log(formatTable([name, ...Object.keys(series[0] ?? {})], rows));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

await new Command('bench')
  .argument('<name>', Object.keys(benchmarks).join(', '))
  .option(
    '--entities <n>',
    'how many entities the workspace has; jobs, for queue; edits, for dev',
    wholeNumberFrom(1),
  )
  .option('--rows <n>', 'the same, for import', wholeNumberFrom(1))
  .option('--audits <n>', 'how many audits in a row history makes', wholeNumberFrom(2), 10)
  .option('--json', 'print the result as one object on the last line')
  .action(async (name: string, options: Options, command: Command) => {
    const benchmark = benchmarks[name];
    if (benchmark === undefined) command.error(`error: there is no benchmark ${name}`);
    const entities = options.entities ?? options.rows ?? USUAL[name] ?? 100_000;
    const result = await benchmark(entities, options.audits);
    printFigures(result);
    if (options.json) console.log(JSON.stringify(result));
  })
  .parseAsync();
