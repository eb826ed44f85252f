import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import { printNote, printResult } from './output.ts';
import type { Session } from './session.ts';

const BACK_TEST = /* GraphQL */ `
  mutation BackTest($input: ConfigureWorkspaceInput!) {
    backTest(input: $input) {
      changedEntityCount
      batch { id title }
      rules { ruleId before after added removed changed }
      examples {
        kind ruleId entityType entityId field message currentValue suggestedValue
        severityBefore severityAfter
      }
    }
  }
`;

const exampleShape = z.object({
  kind: z.string(),
  ruleId: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  field: z.string(),
  message: z.string(),
  currentValue: z.string().nullable(),
  suggestedValue: z.string().nullable(),
  severityBefore: z.string().nullable(),
  severityAfter: z.string().nullable(),
});

const backTestShape = z.object({
  backTest: z.object({
    changedEntityCount: z.number(),
    batch: z.object({ id: z.string(), title: z.string() }),
    rules: z.array(
      z.object({
        ruleId: z.string(),
        before: z.number(),
        after: z.number(),
        added: z.number(),
        removed: z.number(),
        changed: z.number(),
      }),
    ),
    examples: z.array(exampleShape),
  }),
});
type BackTest = z.infer<typeof backTestShape>['backTest'];

/** Tries a configuration out, and prints what it would change. */
export async function runBackTest({ gateway, json }: Session, input: object): Promise<void> {
  const { backTest } = await gateway.query(BACK_TEST, { input }, backTestShape);
  if (json) printResult(JSON.stringify(backTest));
  else printBackTest(backTest);
}

function printBackTest({ batch, rules, examples, changedEntityCount }: BackTest): void {
  const different = rules.filter(({ added, removed, changed }) => added + removed + changed > 0);
  printResult(`Compared with ${batch.title} (${batch.id}):`);
  printResult(
    different.length === 0
      ? 'No finding would be another.'
      : formatTable(
          ['Rule', 'Before', 'After', 'Added', 'Removed', 'Other severity'],
          different.map((rule) => [
            ...[rule.ruleId, rule.before, rule.after],
            ...[rule.added, rule.removed, rule.changed],
          ]),
        ),
  );
  if (examples.length > 0) printResult(toTable(examples));
  if (changedEntityCount > 0) {
    printNote(
      `${changedEntityCount} entities were changed or added since that audit. Some of the difference may be theirs: a new audit tells.`,
    );
  }
}

function toTable(examples: BackTest['examples']): string {
  return formatTable(
    ['For example', 'Rule', 'Severity', 'Entity', 'Id', 'Field', 'Current', 'Message'],
    examples.map((example) => [
      ...[example.kind, example.ruleId, describeSeverity(example)],
      ...[example.entityType.toLowerCase(), example.entityId, example.field],
      ...[example.currentValue ?? '', example.message],
    ]),
  );
}

function describeSeverity({
  severityBefore,
  severityAfter,
}: Pick<BackTest['examples'][number], 'severityBefore' | 'severityAfter'>): string {
  const both = new Set([severityBefore, severityAfter].filter((severity) => severity !== null));
  return [...both].join(' → ');
}
