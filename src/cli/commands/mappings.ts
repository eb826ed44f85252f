import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { printResult } from '../output.ts';
import { openSession, workspaceId } from '../session.ts';

const LIST = /* GraphQL */ `
  query ImportMappings($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      importMappings {
        id profile name columns { column field } constants dateOrder decimalSeparator blankErases
        savedAt savedBy { email }
      }
    }
  }
`;
const DELETE = /* GraphQL */ `
  mutation DeleteImportMapping($input: DeleteImportMappingInput!) {
    deleteImportMapping(input: $input) { id }
  }
`;

const mappingShape = z.object({
  id: z.string(),
  profile: z.string(),
  name: z.string(),
  columns: z.array(z.object({ column: z.string(), field: z.string().nullable() })),
  constants: z.record(z.string(), z.string()),
  dateOrder: z.string().nullable(),
  decimalSeparator: z.string().nullable(),
  blankErases: z.boolean(),
  savedAt: z.string(),
  savedBy: z.object({ email: z.string().nullable() }).nullable(),
});
const listShape = z.object({ workspace: z.object({ importMappings: z.array(mappingShape) }) });
const deletedShape = z.object({ deleteImportMapping: z.object({ id: z.string() }) });

export function addMappingsCommand(program: Command): void {
  const mappings = program
    .command('mappings')
    .description('how the files of a source are read, as saved by import --save-mapping');
  mappings
    .command('list')
    .requiredOption('--workspace <slug>', 'the workspace')
    .description('list the saved mappings of a workspace')
    .action(async ({ workspace }: { readonly workspace: string }, command: Command) => {
      const session = await openSession(command);
      const variables = { workspaceId: await workspaceId(session, workspace) };
      const answer = await session.gateway.query(LIST, variables, listShape);
      const found = answer.workspace.importMappings;
      if (session.json) printResult(JSON.stringify(found));
      else printResult(formatTable(HEADER, found.map(toRow)));
    });
  mappings
    .command('remove')
    .argument('<mapping>', 'the id of the mapping')
    .description('delete a saved mapping; what was imported by it stays')
    .action(async (mappingId: string, _options: unknown, command: Command) => {
      const { gateway, json } = await openSession(command);
      await gateway.query(DELETE, { input: { mappingId } }, deletedShape);
      printResult(json ? JSON.stringify({ mappingId }) : `Deleted mapping ${mappingId}.`);
    });
}

const HEADER = ['Mapping', 'Profile', 'Name', 'Columns', 'Dates', 'Decimals', 'Saved', 'By'];

function toRow(mapping: z.infer<typeof mappingShape>): string[] {
  const columns = mapping.columns.flatMap(({ column, field }) =>
    field === null ? [] : `${column} → ${field}`,
  );
  const constants = Object.entries(mapping.constants).map(
    ([field, value]) => `${field} = ${value}`,
  );
  return [
    ...[mapping.id, mapping.profile, mapping.name, [...columns, ...constants].join(', ')],
    ...[mapping.dateOrder ?? '', mapping.decimalSeparator ?? '', mapping.savedAt],
    mapping.savedBy?.email ?? '',
  ];
}
