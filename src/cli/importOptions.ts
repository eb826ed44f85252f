import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect } from './collect.ts';

const PROFILES = ['siteImport', 'contactImport', 'deviceImport'];
const ENCODINGS = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'WINDOWS-1252'];

export interface ImportOptions {
  readonly workspace: string;
  readonly profile: string;
  readonly map: readonly string[];
  readonly set: readonly string[];
  readonly mapping?: string;
  readonly saveMapping?: string;
  readonly dateOrder?: 'dmy' | 'mdy' | 'ymd';
  readonly decimal?: 'point' | 'comma';
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly blankErases?: true;
  readonly autoPromote?: true;
  readonly dryRun?: true;
}

/** The options by which people say how a file is read. */
export function addReadingOptions(command: Command): Command {
  return command
    .requiredOption('--workspace <slug>', 'the workspace to import into')
    .addOption(
      new Option('--profile <name>', 'what the rows are').choices(PROFILES).makeOptionMandatory(),
    )
    .option(
      '--map <column=field>',
      'which field a column fills, none if empty; repeatable, joined in the order given',
      collect,
      [],
    )
    .option('--set <field=value>', 'a value that every row gets; repeatable', collect, [])
    .option('--mapping <name>', 'read the file by a saved mapping')
    .option('--save-mapping <name>', 'save how the file is read, for the next one of its source')
    .addOption(
      new Option('--date-order <order>', 'how dates of three numbers are read').choices([
        ...['dmy', 'mdy', 'ymd'],
      ]),
    )
    .addOption(
      new Option('--decimal <separator>', 'what decimal numbers have').choices(['point', 'comma']),
    )
    .option('--delimiter <character>', 'what parts the cells: , ; | or tab', toDelimiter)
    .addOption(new Option('--encoding <name>', 'the encoding of the file').choices(ENCODINGS))
    .option('--blank-erases', 'have blank cells erase what the matched entity has')
    .option('--dry-run', 'say what would become of the file, and import nothing');
}

/** A tab is hard to type. */
function toDelimiter(text: string): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text;
  if ([',', ';', '|', '\t'].includes(delimiter)) return delimiter;
  throw new InvalidArgumentError('Use , ; | or tab.');
}

/** As `POST /imports` has them. */
export function toParameters(
  workspaceId: string,
  file: string,
  { profile, map, set, decimal, dateOrder, ...options }: ImportOptions,
): URLSearchParams {
  const name = basename(file);
  const given = {
    ...{ workspaceId, profile, title: name, fileName: name, mapping: options.mapping },
    ...{ saveMapping: options.saveMapping, dateOrder: dateOrder?.toUpperCase() },
    decimalSeparator: decimal && (decimal === 'comma' ? ',' : '.'),
    ...{ delimiter: options.delimiter, encoding: options.encoding },
    blankErases: options.blankErases?.toString(),
    autoPromote: options.autoPromote?.toString(),
    dryRun: options.dryRun?.toString(),
  };
  const parameters = new URLSearchParams();
  for (const [parameter, value] of Object.entries(given)) {
    if (value !== undefined) parameters.set(parameter, value);
  }
  for (const pair of map) parameters.append('map', pair);
  for (const pair of set) parameters.append('set', pair);
  return parameters;
}
