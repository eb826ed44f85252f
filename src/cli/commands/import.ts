import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { formatFindingCounts, succeeded, waitForBatch } from '../batchSummary.ts';
import { addReadingOptions, type ImportOptions, toParameters } from '../importOptions.ts';
import { planShape, printPlan } from '../importPlan.ts';
import { previewShape, printPreview } from '../importPreview.ts';
import { printNote, printResult } from '../output.ts';
import { startProgress } from '../progress.ts';
import { openSession, type Session, workspaceId } from '../session.ts';

const importedShape = planShape.extend({ batchId: z.string(), recordCount: z.number() });

export function addImportCommand(program: Command): void {
  addReadingOptions(
    program.command('import').argument('<file>', 'CSV with a header, or NDJSON; also in gzip'),
  )
    .option('--auto-promote', 'create what has no error at once, without a review')
    .description('stage the rows of a file for review, and wait until they are checked')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const session = await openSession(command);
      const id = await workspaceId(session, options.workspace);
      const parameters = toParameters(id, file, options);
      if (options.dryRun) await preview(session, file, parameters);
      else await importFile(session, file, parameters);
    });
}

async function preview(session: Session, file: string, parameters: URLSearchParams): Promise<void> {
  const found = await upload(session, file, parameters, previewShape);
  if (session.json) printResult(JSON.stringify(found));
  else printPreview(found);
}

async function importFile(
  session: Session,
  file: string,
  parameters: URLSearchParams,
): Promise<void> {
  const { gateway, json } = session;
  const imported = await upload(session, file, parameters, importedShape);
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
  printPlan(imported);
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
}

async function upload<T>(
  { gateway }: Session,
  file: string,
  parameters: URLSearchParams,
  shape: z.ZodType<T>,
): Promise<T> {
  const progress = startProgress('upload', 'bytes');
  try {
    return await gateway.upload(file, parameters, shape, progress.update);
  } finally {
    progress.stop();
  }
}
