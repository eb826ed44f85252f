import type { Command } from 'commander';
import { z } from 'zod';
import { printResult } from '../output.ts';
import { openSession } from '../session.ts';

const CREATE = /* GraphQL */ `
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) { id slug name defaultCountry }
  }
`;

const createdShape = z.object({
  createWorkspace: z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    defaultCountry: z.string().nullable(),
  }),
});

interface CreateOptions {
  readonly name?: string;
  readonly country?: string;
}

export function addWorkspaceCommand(program: Command): void {
  program
    .command('workspace')
    .description('workspaces')
    .command('create')
    .argument('<slug>', 'a short unique name: lower-case letters, digits and inner hyphens')
    .option('--name <name>', 'the name that people read (default: the slug)')
    .option('--country <code>', 'where entities without a country are taken to be, such as US')
    .description('create a workspace; you become its ADMIN')
    .action(async (slug: string, { name, country }: CreateOptions, command: Command) => {
      const { gateway, json } = await openSession(command);
      const input = { slug, name, defaultCountry: country };
      const { createWorkspace } = await gateway.query(CREATE, { input }, createdShape);
      printResult(
        json
          ? JSON.stringify(createWorkspace)
          : `Created workspace ${createWorkspace.slug} (${createWorkspace.id}).`,
      );
    });
}
