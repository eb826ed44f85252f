import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import { planShape, printPlan } from './importPlan.ts';
import { printNote, printResult } from './output.ts';

/** What the gateway says would become of a file. */
export const previewShape = planShape.extend({
  dryRun: z.literal(true),
  rows: z.array(
    z.looseObject({
      entityType: z.string(),
      rawData: z.looseObject({ line: z.number() }),
      values: z.record(z.string(), z.unknown()).nullable(),
      problem: z.string().nullable(),
      findings: z.array(
        z.looseObject({
          ruleId: z.string(),
          field: z.string(),
          suggestedValue: z.string().nullable(),
        }),
      ),
      match: z.string().nullable(),
      entityId: z.string().nullable(),
    }),
  ),
  sampledRows: z.number(),
  records: z.array(z.object({ status: z.string(), count: z.number() })),
  matches: z.array(z.object({ match: z.string(), count: z.number() })),
  findings: z.array(z.object({ ruleId: z.string(), severity: z.string(), count: z.number() })),
});

type Preview = z.infer<typeof previewShape>;

/** For people. */
export function printPreview(preview: Preview): void {
  const { rows, sampledRows, records, matches, findings } = preview;
  printPlan(preview);
  printResult(
    formatTable(
      ['Line', 'Match', 'Values', 'Findings'],
      rows.map((row) => [row.rawData.line, row.match ?? '', valuesOf(row), findingsOf(row)]),
    ),
  );
  printResult(
    formatTable(
      [sampledRows === 1 ? 'Of the first row' : `Of the first ${sampledRows} rows`, 'Count'],
      [
        ...records.map(({ status, count }) => [status, count]),
        ...matches.map(({ match, count }) => [match, count]),
        ...findings.map(({ ruleId, severity, count }) => [`${severity} ${ruleId}`, count]),
      ],
    ),
  );
  printNote('A dry run: nothing was imported.');
}

function valuesOf({ values, problem }: Preview['rows'][number]): string {
  if (values === null) return problem ?? '';
  return Object.entries(values)
    .map(([field, value]) => `${field}: ${value ?? '(erased)'}`)
    .join(', ');
}

function findingsOf({ findings }: Preview['rows'][number]): string {
  return findings
    .map(({ ruleId, suggestedValue }) =>
      suggestedValue === null ? ruleId : `${ruleId} → ${suggestedValue}`,
    )
    .join(', ');
}
