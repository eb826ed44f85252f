import type { Command } from 'commander';
import { CliError } from '../cliError.ts';
import { collect } from '../collect.ts';
import { countOf, printDecision, sendDecision } from '../reviewDecision.ts';
import { openSession } from '../session.ts';

interface MergeOptions {
  readonly take: readonly string[];
  readonly comment?: string;
}

export function addMergeCommand(program: Command): void {
  program
    .command('merge')
    .argument('<batch>', 'the audit that found the duplicates')
    .argument('<survivor>', 'the id of the entity that stays')
    .argument('<duplicates...>', 'the ids of those that are merged into it')
    .option(
      '--take <field=id>',
      'take over the value that this duplicate has; repeatable',
      collect,
      [],
    )
    .option('--comment <text>', 'what others should know about it')
    .description('decide that entities are the same; the next promotion merges them')
    .action(
      async (
        batchId: string,
        survivorId: string,
        loserIds: readonly string[],
        { take, comment }: MergeOptions,
        command: Command,
      ) => {
        const input = {
          ...{ batchId, survivorId, loserIds, fieldFrom: take.map(parseTake) },
          ...(comment === undefined ? {} : { comment }),
        };
        const { gateway, json } = await openSession(command);
        printDecision(
          await sendDecision(gateway, 'mergeDuplicates', input),
          { json },
          (count) =>
            `${countOf(count, 'finding')} accepted. The next promotion merges ${loserIds.length} into ${survivorId}.`,
        );
      },
    );
}

/** @throws CliError for what is not of the form `field=id` */
function parseTake(text: string): { readonly field: string; readonly entityId: string } {
  const [, field, entityId] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (field !== undefined && entityId !== undefined) return { field, entityId };
  throw new CliError(`--take: "${text}" is not of the form field=id, such as email=0192….`);
}
