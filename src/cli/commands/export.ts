import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  addExportOptions,
  EXPORT_PAGE_FIELDS,
  EXPORT_PAGE_SIZE,
  type ExportOptions,
  exportPageSchema,
  writeExport,
} from '../exportPages.ts';
import { openSession, workspaceId } from '../session.ts';

const EXPORT = /* GraphQL */ `
  query Export(
    $id: ID!, $entityType: EntityType!, $format: ExportFormat!, $after: String, $first: Int!
  ) {
    workspace(id: $id) {
      export(entityType: $entityType, format: $format, after: $after, first: $first) {
        ${EXPORT_PAGE_FIELDS}
      }
    }
  }
`;

const exportShape = z.object({ workspace: z.object({ export: exportPageSchema }) });

interface EntityExportOptions extends ExportOptions {
  readonly workspace: string;
  readonly type: 'contact' | 'site' | 'device';
}

export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .requiredOption('--workspace <slug>', 'the workspace')
    .addOption(
      new Option('--type <type>', 'what to export')
        .choices(['contact', 'site', 'device'])
        .makeOptionMandatory(),
    );
  addExportOptions(command)
    .description('print all active contacts, sites or devices, as a stream; --json is ndjson')
    .action(async (options: EntityExportOptions, self: Command) => {
      const session = await openSession(self);
      const variables = {
        id: await workspaceId(session, options.workspace),
        entityType: options.type.toUpperCase(),
        format: session.json ? 'NDJSON' : options.format.toUpperCase(),
        first: EXPORT_PAGE_SIZE,
      };
      await writeExport(async (after) => {
        const answer = await session.gateway.query(EXPORT, { ...variables, after }, exportShape);
        return answer.workspace.export;
      }, options.output);
    });
}
