import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify';
import { formatTable } from '../../platform/table.ts';
import { type FindingRow, readFindings } from '../findingRows.ts';
import { openSession } from '../session.ts';

const COLUMNS = [
  'entityType',
  'entityId',
  'externalId',
  'ruleId',
  'severity',
  'field',
  'message',
  'currentValue',
  'suggestedValue',
  'relatedEntityIds',
  'relatedExternalIds',
] as const satisfies readonly (keyof FindingRow)[];

type Format = 'table' | 'csv' | 'ndjson';

interface FindingsOptions {
  readonly batch: string;
  readonly format: Format;
}

export function addFindingsCommand(program: Command): void {
  program
    .command('findings')
    .requiredOption('--batch <id>', 'the staged batch')
    .addOption(
      new Option('--format <format>', 'how to print them')
        .choices(['table', 'csv', 'ndjson'])
        .default('table'),
    )
    .description('print all findings of a batch, as a stream; --json is ndjson')
    .action(async ({ batch, format }: FindingsOptions, command: Command) => {
      const { gateway, json } = await openSession(command);
      const rows = Readable.from(readFindings(gateway, batch));
      await printRows(rows, json ? 'ndjson' : format);
    });
}

async function printRows(rows: Readable, format: Format): Promise<void> {
  // Without `end: false` the pipeline would close standard output.
  const sink = process.stdout;
  switch (format) {
    case 'csv':
      return pipeline(rows, csvRows, stringify({ header: true, columns: [...COLUMNS] }), sink, {
        end: false,
      });
    case 'ndjson':
      return pipeline(rows, jsonLines, sink, { end: false });
    case 'table':
      return pipeline(rows, tableLines, sink, { end: false });
  }
}

/** Lists are cells of JSON: external ids may contain any separator. */
async function* csvRows(rows: AsyncIterable<FindingRow>): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    yield {
      ...row,
      relatedEntityIds: JSON.stringify(row.relatedEntityIds),
      relatedExternalIds: JSON.stringify(row.relatedExternalIds),
    };
  }
}

async function* jsonLines(rows: AsyncIterable<FindingRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

const TABLE_PAGE = 200;

/** A table's columns need all its rows, so a long list becomes several tables. */
async function* tableLines(rows: AsyncIterable<FindingRow>): AsyncGenerator<string> {
  let page: FindingRow[] = [];
  for await (const row of rows) {
    page.push(row);
    if (page.length < TABLE_PAGE) continue;
    yield `${toTable(page)}\n`;
    page = [];
  }
  if (page.length > 0) yield `${toTable(page)}\n`;
}

function toTable(rows: readonly FindingRow[]): string {
  return formatTable(
    ['Entity', 'Id', 'Severity', 'Rule', 'Field', 'Message', 'Current', 'Suggested', 'Related'],
    rows.map((row) => [
      row.entityType,
      row.externalId ?? row.entityId ?? '',
      row.severity,
      row.ruleId,
      row.field,
      row.message,
      row.currentValue ?? '',
      row.suggestedValue ?? '',
      row.relatedEntityIds.map((id, at) => row.relatedExternalIds[at] ?? id).join(', '),
    ]),
  );
}
