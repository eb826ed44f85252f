import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from '../cliError.ts';
import { collect } from '../collect.ts';
import { printResult } from '../output.ts';
import { openSession } from '../session.ts';

const CHOOSE = /* GraphQL */ `
  mutation ChooseMatch($input: ChooseMatchInput!) {
    chooseMatch(input: $input) { rowIndex status version match { kind } entity { id } }
  }
`;

const chosenShape = z.object({
  chooseMatch: z.array(
    z.object({
      rowIndex: z.number(),
      status: z.string(),
      version: z.number(),
      match: z.object({ kind: z.string() }).nullable(),
      entity: z.object({ id: z.string() }).nullable(),
    }),
  ),
});

interface ChooseOptions {
  readonly row: readonly string[];
  readonly comment?: string;
}

export function addMatchCommand(program: Command): void {
  const match = program.command('match').description('say what imported rows are to production');
  match
    .command('choose')
    .argument('<batch>', 'the staged batch')
    .requiredOption(
      '--row <n[@version]=entity>',
      'the id of the entity that this row updates, or new; repeatable',
      collect,
      [],
    )
    .option('--comment <text>', 'what others should know about it')
    .description('choose what rows update, such as one of the candidates, or that they are new')
    .action(async (batchId: string, { row, comment }: ChooseOptions, command: Command) => {
      const choices = row.map(parseChoice);
      const input = { batchId, choices, ...(comment === undefined ? {} : { comment }) };
      const { gateway, json } = await openSession(command);
      const { chooseMatch } = await gateway.query(CHOOSE, { input }, chosenShape);
      if (json) {
        printResult(JSON.stringify(chooseMatch));
        return;
      }
      for (const { rowIndex, match: chosen, entity } of chooseMatch) {
        const of = entity === null ? '' : ` of ${entity.id}`;
        printResult(`Record ${rowIndex}: ${chosen?.kind ?? ''}${of}.`);
      }
    });
}

/** @throws CliError for what is no choice */
function parseChoice(text: string) {
  const [, row, version, entity] = /^(\d{1,9})(?:@(\d{1,9}))?=(\S+)$/.exec(text) ?? [];
  if (row === undefined || entity === undefined) {
    throw new CliError(
      `--row: "${text}" is not of the form ROW=ENTITY, ROW@VERSION=ENTITY or ROW=new.`,
    );
  }
  return {
    rowIndex: Number(row),
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(entity.toLowerCase() === 'new' ? {} : { entityId: entity }),
  };
}
