import type { Command } from 'commander';
import { z } from 'zod';
import { printResult } from '../output.ts';
import { openSession, workspaceId } from '../session.ts';

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

const ARCHIVE = /* GraphQL */ `
  mutation ArchiveWorkspace($input: ArchiveWorkspaceInput!) {
    workspace: archiveWorkspace(input: $input) { id slug archivedAt }
  }
`;
const RESTORE = /* GraphQL */ `
  mutation RestoreWorkspace($input: RestoreWorkspaceInput!) {
    workspace: restoreWorkspace(input: $input) { id slug archivedAt }
  }
`;

const archivedShape = z.object({
  workspace: z.object({ id: z.string(), slug: z.string(), archivedAt: z.string().nullable() }),
});

interface CreateOptions {
  readonly name?: string;
  readonly country?: string;
}

export function addWorkspaceCommand(program: Command): void {
  const workspace = program.command('workspace').description('workspaces');
  workspace
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
  workspace
    .command('archive')
    .argument('<slug>', 'the workspace')
    .description('have a workspace only read from now on, and delete its schedules')
    .action((slug: string, _options: unknown, command: Command) =>
      setArchived(slug, ARCHIVE, 'Archived', command),
    );
  workspace
    .command('restore')
    .argument('<slug>', 'the workspace')
    .description('take an archived workspace back into use')
    .action((slug: string, _options: unknown, command: Command) =>
      setArchived(slug, RESTORE, 'Restored', command),
    );
}

async function setArchived(
  slug: string,
  mutation: string,
  done: string,
  command: Command,
): Promise<void> {
  const session = await openSession(command);
  const input = { workspaceId: await workspaceId(session, slug) };
  const { workspace } = await session.gateway.query(mutation, { input }, archivedShape);
  printResult(session.json ? JSON.stringify(workspace) : `${done} workspace ${slug}.`);
}
