import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { formatFindingCounts, succeeded, waitForBatch } from '../batchSummary.ts';
import { collect } from '../collect.ts';
import { printNote, printResult } from '../output.ts';
import { startProgress } from '../progress.ts';
import { openSession, workspaceId } from '../session.ts';

const PROFILES = ['siteImport', 'contactImport', 'deviceImport'];

const importedShape = z.object({
  batchId: z.string(),
  recordCount: z.number(),
  mapping: z.record(z.string(), z.string()),
  unmappedColumns: z.array(z.string()),
});

interface ImportOptions {
  readonly workspace: string;
  readonly profile: string;
  readonly map: readonly string[];
  readonly set: readonly string[];
  readonly autoPromote?: true;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .argument('<file>', 'CSV with a header, or NDJSON; also in gzip')
    .requiredOption('--workspace <slug>', 'the workspace to import into')
    .addOption(
      new Option('--profile <name>', 'what the rows are').choices(PROFILES).makeOptionMandatory(),
    )
    .option(
      '--map <column=field>',
      'which field a column fills, none if empty; repeatable',
      collect,
      [],
    )
    .option('--set <field=value>', 'a value that every row gets; repeatable', collect, [])
    .option('--auto-promote', 'create what has no error at once, without a review')
    .description('stage the rows of a file for review, and wait until they are checked')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const session = await openSession(command);
      const { gateway, json } = session;
      const parameters = await toParameters(
        await workspaceId(session, options.workspace),
        file,
        options,
      );
      const imported = await upload(session, file, parameters);
      const summary = await waitForBatch(gateway, imported.batchId, 'import');
      if (!succeeded(summary)) process.exitCode = 1;
      const { status, failureReason, recordCounts, matchCounts, findingCounts } = summary;
      if (json) {
        printResult(
          JSON.stringify({
            ...imported,
            status,
            failureReason,
            records: recordCounts,
            matches: matchCounts,
            findings: findingCounts,
          }),
        );
        return;
      }
      printNote(`Columns: ${describeMapping(imported.mapping)}.`);
      if (imported.unmappedColumns.length > 0) {
        printNote(
          `Kept with the rows, but filling no field: ${imported.unmappedColumns.join(', ')}.`,
        );
      }
      printResult(`Import ${imported.batchId}: ${imported.recordCount} records, ${status}.`);
      if (failureReason !== null) printNote(failureReason);
      if (!succeeded(summary)) return;
      printResult(
        formatTable(
          ['Records', 'Count'],
          recordCounts.map((row) => [row.status, row.count]),
        ),
      );
      printResult(
        formatTable(
          ['Match', 'Count'],
          matchCounts.map((row) => [row.kind, row.count]),
        ),
      );
      printResult(formatFindingCounts(summary));
    });
}

async function toParameters(
  id: string,
  file: string,
  { profile, map, set, autoPromote }: ImportOptions,
): Promise<URLSearchParams> {
  const parameters = new URLSearchParams({ workspaceId: id, profile, title: basename(file) });
  for (const pair of map) parameters.append('map', pair);
  for (const pair of set) parameters.append('set', pair);
  if (autoPromote) parameters.set('autoPromote', 'true');
  return parameters;
}

async function upload(
  { gateway }: Awaited<ReturnType<typeof openSession>>,
  file: string,
  parameters: URLSearchParams,
): Promise<z.infer<typeof importedShape>> {
  const progress = startProgress('upload', 'bytes');
  try {
    return await gateway.upload(file, parameters, importedShape, progress.update);
  } finally {
    progress.stop();
  }
}

function describeMapping(mapping: Readonly<Record<string, string>>): string {
  return Object.entries(mapping)
    .map(([column, field]) => `"${column}" fills ${field}`)
    .join(', ');
}
