import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from '../cliError.ts';
import type { GatewayClient } from '../gatewayClient.ts';
import { printResult } from '../output.ts';
import { countOf } from '../reviewDecision.ts';
import { addSelectionOptions, type FilterOptions, selectionOf } from '../reviewFilter.ts';
import { parseRow } from '../rows.ts';
import { openSession } from '../session.ts';

const ASSIGN = /* GraphQL */ `
  mutation AssignRecords($input: AssignRecordsInput!) {
    assignRecords(input: $input) { assignedCount }
  }
`;

const assignedShape = z.object({ assignRecords: z.object({ assignedCount: z.number() }) });

const MEMBERS = /* GraphQL */ `
  query MembersOfBatch($id: ID!) {
    stagedBatch(id: $id) { workspace { members { user { id email } } } }
  }
`;

const membersShape = z.object({
  stagedBatch: z.object({
    workspace: z.object({
      members: z.array(
        z.object({ user: z.object({ id: z.string(), email: z.string().nullable() }) }),
      ),
    }),
  }),
});

interface AssignOptions extends FilterOptions {
  readonly to?: string;
  readonly nobody?: true;
}

export function addAssignCommand(program: Command): void {
  const command = program
    .command('assign')
    .argument('<batch>', 'the staged batch')
    .option('--to <email>', 'the member whom the records shall wait for')
    .option('--nobody', 'they wait for nobody any more');
  addSelectionOptions(command, 'the records')
    .description('say whom records wait for, by name or by the findings that they have')
    .action(async (batchId: string, options: AssignOptions, self: Command) => {
      if ((options.to === undefined) === (options.nobody === undefined)) {
        throw new CliError('Say whom: --to somebody, or --nobody.');
      }
      const filter = selectionOf(options, '--row', options.row);
      const which = filter === null ? { rows: options.row.map(parseRow) } : { filter };
      const { gateway, json } = await openSession(self);
      const who =
        options.to === undefined
          ? {}
          : { assigneeId: await memberId(gateway, batchId, options.to) };
      const input = { batchId, ...which, ...who };
      const { assignRecords } = await gateway.query(ASSIGN, { input }, assignedShape);
      const { assignedCount } = assignRecords;
      printResult(
        json
          ? JSON.stringify({ batchId, assignedCount })
          : `${countOf(assignedCount, 'record')} now with ${options.to ?? 'nobody'} that ${assignedCount === 1 ? 'was' : 'were'} not before.`,
      );
    });
}

/** @throws CliError for somebody who is no member of the batch's workspace */
async function memberId(gateway: GatewayClient, batchId: string, email: string): Promise<string> {
  const { stagedBatch } = await gateway.query(MEMBERS, { id: batchId }, membersShape);
  const users = stagedBatch.workspace.members.map(({ user }) => user);
  const wanted = email.toLowerCase();
  const member = users.find((user) => user.id === wanted || user.email?.toLowerCase() === wanted);
  if (member) return member.id;
  throw new CliError(`--to: ${email} is not a member of the batch's workspace.`);
}
