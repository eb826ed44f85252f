import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from '../cliError.ts';
import { collect } from '../collect.ts';
import { printResult } from '../output.ts';
import { parseRow } from '../rows.ts';
import { openSession } from '../session.ts';

const RESOLVE = /* GraphQL */ `
  mutation ResolveConflict($input: ResolveConflictInput!) {
    resolveConflict(input: $input) { rowIndex status statusReason }
  }
`;

const resolvedShape = z.object({
  resolveConflict: z.object({
    rowIndex: z.number(),
    status: z.string(),
    statusReason: z.string().nullable(),
  }),
});

interface ResolveOptions {
  readonly row: string;
  readonly theirs?: true;
  readonly ours?: true;
  readonly value: readonly string[];
  readonly entityVersion?: string;
  readonly comment?: string;
}

export function addResolveCommand(program: Command): void {
  program
    .command('resolve')
    .argument('<batch>', 'the staged batch')
    .requiredOption('--row <n>', 'the record in conflict')
    .option('--theirs', 'the entity stays as it is; what was accepted is rejected')
    .option('--ours', 'what was accepted goes into production with the next promotion')
    .option('--value <field=value>', 'another value does so instead; repeatable', collect, [])
    .option('--entity-version <n>', 'refuse where the entity has another version than this by now')
    .option('--comment <text>', 'what others should know about it')
    .description('decide whose value an entity is to have that was changed after it was looked at')
    .action(async (batchId: string, options: ResolveOptions, command: Command) => {
      const input = { batchId, rowIndex: parseRow(options.row), ...resolutionOf(options) };
      const { gateway, json } = await openSession(command);
      const { resolveConflict } = await gateway.query(RESOLVE, { input }, resolvedShape);
      const { rowIndex, status } = resolveConflict;
      if (json) {
        printResult(JSON.stringify({ batchId, ...resolveConflict }));
        return;
      }
      const next = options.theirs ? 'It keeps what is in production.' : 'Promote it to apply this.';
      printResult(`Record ${rowIndex}: ${status}. ${next}`);
    });
}

/** @throws CliError where not exactly one resolution is given */
function resolutionOf({ theirs, ours, value, entityVersion, comment }: ResolveOptions): object {
  const given = [
    ...(theirs ? ['THEIRS'] : []),
    ...(ours ? ['OURS'] : []),
    ...(value.length > 0 ? ['EDITED'] : []),
  ];
  if (given.length !== 1) {
    throw new CliError('Say whose value it is to have: --theirs, --ours, or each --value.');
  }
  return {
    resolution: given[0],
    ...(value.length === 0 ? {} : { values: value.map(parseValue) }),
    ...(entityVersion === undefined ? {} : { entityVersion: parseVersion(entityVersion) }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function parseValue(text: string): { readonly field: string; readonly value: string } {
  const [, field, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (field !== undefined && value !== undefined) return { field, value };
  throw new CliError(`--value: "${text}" is not of the form field=value.`);
}

function parseVersion(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError(`--entity-version: "${text}" is no version, such as 3.`);
}
