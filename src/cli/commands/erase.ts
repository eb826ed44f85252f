import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from '../cliError.ts';
import { printResult } from '../output.ts';
import { openSession } from '../session.ts';

const ERASE = /* GraphQL */ `
  mutation ErasePerson($input: ErasePersonInput!) {
    erasePerson(input: $input) { erasedIds }
  }
`;

const erasedShape = z.object({ erasePerson: z.object({ erasedIds: z.array(z.string()) }) });

interface EraseOptions {
  readonly reason: string;
  readonly yes?: true;
}

export function addEraseCommand(program: Command): void {
  program
    .command('erase')
    .argument('<contact>', 'the id of a contact that is a person')
    .requiredOption('--reason <text>', 'why, such as the number of the request; without the name')
    .option('--yes', 'do not ask')
    .description('erase a person and all that is known of them, for good')
    .action(async (contactId: string, { reason, yes }: EraseOptions, command: Command) => {
      const { gateway, json } = await openSession(command);
      if (yes !== true) await confirm(contactId);
      const input = { contactId, reason };
      const { erasedIds } = (await gateway.query(ERASE, { input }, erasedShape)).erasePerson;
      const merged = erasedIds.length - 1;
      printResult(
        json
          ? JSON.stringify({ contactId, erasedIds })
          : `Erased ${contactId}${merged === 0 ? '' : `, and ${merged} merged with it`}.`,
      );
    });
}

/** @throws CliError where nobody is there to ask, or says no */
async function confirm(contactId: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CliError('This can not be undone. Say --yes where nobody can be asked.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal
    .question(`Erase ${contactId}? This can not be undone. Type "erase": `)
    .finally(() => terminal.close());
  if (answer.trim() !== 'erase') throw new CliError('Nothing was erased.');
}
