import { type Command, Option } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { CliError } from '../cliError.ts';
import { printResult } from '../output.ts';
import { openSession } from '../session.ts';

const RULES = /* GraphQL */ `
  query Rules($entityType: EntityType) {
    auditRules(entityType: $entityType) {
      id version entityType severity looksAtWorkspace fields description rationale example
      parameters { id description default }
    }
  }
`;

const ruleShape = z.object({
  id: z.string(),
  version: z.number(),
  entityType: z.string().nullable(),
  severity: z.string(),
  looksAtWorkspace: z.boolean(),
  fields: z.array(z.string()),
  description: z.string(),
  rationale: z.string(),
  example: z.string(),
  parameters: z.array(z.object({ id: z.string(), description: z.string(), default: z.number() })),
});

type Rule = z.infer<typeof ruleShape>;

const rulesShape = z.object({ auditRules: z.array(ruleShape) });

interface RulesOptions {
  readonly type?: string;
}

export function addRulesCommand(program: Command): void {
  program
    .command('rules')
    .argument('[rule]', 'the id of a rule, to be told all about it')
    .addOption(
      new Option('--type <type>', 'only the rules for this type').choices([
        'contact',
        'site',
        'device',
      ]),
    )
    .description('list the rules of audits and imports, or explain one')
    .action(async (id: string | undefined, { type }: RulesOptions, command: Command) => {
      const { gateway, json } = await openSession(command);
      // A rule that is asked for by its id may turn out to be for another type.
      const variables = { entityType: id === undefined ? type?.toUpperCase() : undefined };
      const { auditRules } = await gateway.query(RULES, variables, rulesShape);
      if (id === undefined) {
        printResult(json ? JSON.stringify(auditRules) : toTable(auditRules));
        return;
      }
      const rule = ruleWithId(id, type, auditRules);
      printResult(json ? JSON.stringify(rule) : explain(rule));
    });
}

function ruleWithId(id: string, type: string | undefined, rules: readonly Rule[]): Rule {
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) throw new CliError(`There is no rule "${id}": see cli rules.`);
  const ownType = rule.entityType?.toLowerCase();
  if (type === undefined || ownType === undefined || type === ownType) return rule;
  throw new CliError(`The rule "${id}" is not for ${type}s but for ${ownType}s.`);
}

function toTable(rules: readonly Rule[]): string {
  return formatTable(
    ['Rule', 'Severity', 'Demands'],
    rules.map(({ id, severity, description }) => [id, severity, description]),
  );
}

function explain(rule: Rule): string {
  const parameters = rule.parameters.map(
    (parameter) => `\n  ${parameter.id} = ${parameter.default}: ${parameter.description}`,
  );
  const fields = rule.fields.length === 0 ? '' : ` of ${rule.fields.join(', ')}`;
  return `${rule.id} (${rule.severity}, version ${rule.version})${fields}
${rule.description}
${rule.rationale}
Example: ${rule.example}${parameters.join('')}`;
}
