import { type Command, Option } from 'commander';
import { CliError } from './cliError.ts';
import { collect } from './collect.ts';

/** Which findings, or records with such findings, as the gateway has it; all conditions must hold. */
export interface ReviewFilter {
  readonly ruleId?: string;
  readonly severity?: string;
  readonly entityType?: string;
  readonly field?: string;
  readonly recordStatus?: string;
  readonly match?: string;
}

/** The options of {@link addSelectionOptions}, as they were given. */
export interface FilterOptions {
  readonly rule?: string;
  readonly severity?: string;
  readonly entityType?: string;
  readonly field?: string;
  readonly status?: string;
  readonly match?: string;
  readonly all?: true;
  readonly row: readonly string[];
}

const SEVERITIES = ['ERROR', 'WARNING', 'INFO'];
const ENTITY_TYPES = ['contact', 'site', 'device'];
const STATUSES = [
  ...['PENDING', 'PASSED', 'NEEDS_REVIEW', 'INVALID', 'DECIDED'],
  ...['PROMOTED', 'CONFLICT', 'FAILED', 'REVERTED'],
];

const MATCHES = ['NEW', 'UPDATE', 'UNCHANGED', 'AMBIGUOUS'];

/** Lets a command take a part of a batch, by filter, by name or all of it. */
export function addSelectionOptions(command: Command, what: string): Command {
  return addFilterOptions(command)
    .option('--all', `${what} of the whole batch`)
    .option('--row <n>', 'this record; repeatable', collect, []);
}

/** Lets a command take a part of a batch by filter. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--rule <id>', 'findings of this rule')
    .addOption(choice('--severity <severity>', 'findings that matter this much', SEVERITIES))
    .addOption(choice('--entity-type <type>', 'of entities of this type', ENTITY_TYPES))
    .option('--field <field>', 'findings about this field')
    .addOption(choice('--status <status>', 'of records with this status', STATUSES))
    .addOption(choice('--match <kind>', 'of imported rows that are this to production', MATCHES));
}

function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values);
}

/** What the filter options select; `--all` and none of them select everything. */
export function filterOf(options: FilterOptions): ReviewFilter {
  const { rule, severity, entityType, field, status, match } = options;
  return {
    ...(rule === undefined ? {} : { ruleId: rule }),
    ...(severity === undefined ? {} : { severity }),
    ...(entityType === undefined ? {} : { entityType: entityType.toUpperCase() }),
    ...(field === undefined ? {} : { field }),
    ...(status === undefined ? {} : { recordStatus: status }),
    ...(match === undefined ? {} : { match }),
  };
}

/**
 * Sees to it that what is meant is said in one way, so that nothing is changed by mistake: by name, by
 * filter, or as the whole batch.
 *
 * @param nameOption - by which things are named
 * @returns what is selected; null where things are named
 */
export function selectionOf(
  options: FilterOptions,
  nameOption: '--finding' | '--row',
  names: readonly string[],
): ReviewFilter | null {
  const filter = filterOf(options);
  const [narrowing] = FILTER_FLAGS.filter(([key]) => options[key] !== undefined);
  const ways = [
    ...(options.all ? ['--all'] : []),
    ...(narrowing === undefined ? [] : [narrowing[1]]),
    ...(names.length === 0 ? [] : [nameOption]),
  ];
  if (ways.length > 1) {
    const [first, second] = ways;
    throw new CliError(`Say what you mean in one way: ${first} does not go with ${second}.`);
  }
  if (ways.length === 1) return names.length > 0 ? null : filter;
  const flags = FILTER_FLAGS.map(([, flag]) => flag).join(', ');
  throw new CliError(`Say what you mean: by ${flags}, by each ${nameOption}, or --all.`);
}

const FILTER_FLAGS = [
  ['rule', '--rule'],
  ['severity', '--severity'],
  ['entityType', '--entity-type'],
  ['field', '--field'],
  ['status', '--status'],
  ['match', '--match'],
] as const;
