import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify';
import { formatTable } from '../../platform/table.ts';
import { type FindingRow, readFindings } from '../findingRows.ts';
import { type FindingState, stateOption } from '../findingState.ts';
import { jsonLines, printStream, tables } from '../printStream.ts';
import { describeProbability } from '../probability.ts';
import { openSession } from '../session.ts';
import { describeSuggestion } from '../suggestion.ts';

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
  'suggestionCertainty',
  'relatedEntityIds',
  'relatedExternalIds',
  'matches',
  'state',
  'firstSeenAt',
  'lastSeenAt',
] as const satisfies readonly (keyof FindingRow)[];

type Format = 'table' | 'csv' | 'ndjson';

interface FindingsOptions {
  readonly batch: string;
  readonly format: Format;
  readonly state?: FindingState;
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
    .addOption(stateOption())
    .description('print all findings of a batch, as a stream; --json is ndjson')
    .action(async ({ batch, format, state }: FindingsOptions, command: Command) => {
      const { gateway, json } = await openSession(command);
      await printRows(readFindings(gateway, batch, state ?? null), json ? 'ndjson' : format);
    });
}

function printRows(rows: AsyncIterable<FindingRow>, format: Format): Promise<void> {
  switch (format) {
    case 'csv':
      // Without `end: false` the pipeline would close standard output.
      return pipeline(
        Readable.from(rows),
        csvRows,
        stringify({ header: true, columns: [...COLUMNS] }),
        process.stdout,
        { end: false },
      );
    case 'ndjson':
      return printStream(rows, jsonLines);
    case 'table':
      return printStream(rows, tables(toTable, 'Nothing was found.'));
  }
}

/** Lists are cells of JSON: external ids may contain any separator. */
async function* csvRows(rows: AsyncIterable<FindingRow>): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    yield {
      ...row,
      relatedEntityIds: JSON.stringify(row.relatedEntityIds),
      relatedExternalIds: JSON.stringify(row.relatedExternalIds),
      matches: JSON.stringify(row.matches),
    };
  }
}

function toTable(rows: readonly FindingRow[]): string {
  return formatTable(
    [
      ...[
        'Entity',
        'Id',
        'Severity',
        'Rule',
        'Field',
        'Message',
        'Current',
        'Suggested',
        'Related',
      ],
      ...['State', 'First seen', 'Last seen'],
    ],
    rows.map((row) => [
      row.entityType,
      row.externalId ?? row.entityId ?? '',
      row.severity,
      row.ruleId,
      row.field,
      row.message,
      row.currentValue ?? '',
      describeSuggestion(row),
      row.relatedEntityIds
        .map((id, at) => (row.relatedExternalIds[at] ?? id) + describeProbability(id, row.matches))
        .join(', '),
      row.state ?? '',
      dayOf(row.firstSeenAt),
      dayOf(row.lastSeenAt),
    ]),
  );
}

function dayOf(time: string | null): string {
  return time?.slice(0, 10) ?? '';
}
