import type { Command } from 'commander';
import { z } from 'zod';
import {
  addExportOptions,
  EXPORT_PAGE_FIELDS,
  EXPORT_PAGE_SIZE,
  type ExportOptions,
  exportPageSchema,
  writeExport,
} from '../exportPages.ts';
import { openSession } from '../session.ts';

const REJECTED = /* GraphQL */ `
  query Rejected($id: ID!, $format: ExportFormat!, $after: String, $first: Int!) {
    stagedBatch(id: $id) {
      rejectedRows(format: $format, after: $after, first: $first) { ${EXPORT_PAGE_FIELDS} }
    }
  }
`;

const rejectedShape = z.object({ stagedBatch: z.object({ rejectedRows: exportPageSchema }) });

export function addRejectedCommand(program: Command): void {
  addExportOptions(program.command('rejected').argument('<batch>', 'the id of an import'))
    .description(
      'print the rows that can not be read, have failed or were rejected, with the reasons, to be corrected and imported again; --json is ndjson',
    )
    .action(async (id: string, options: ExportOptions, command: Command) => {
      const session = await openSession(command);
      const format = session.json ? 'NDJSON' : options.format.toUpperCase();
      await writeExport(async (after) => {
        const variables = { id, format, after, first: EXPORT_PAGE_SIZE };
        const answer = await session.gateway.query(REJECTED, variables, rejectedShape);
        return answer.stagedBatch.rejectedRows;
      }, options.output);
    });
}
