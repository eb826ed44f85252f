import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { runBackTest } from '../backTest.ts';
import { CliError } from '../cliError.ts';
import { readConfigurationChanges, toChangeTable } from '../configurationHistory.ts';
import {
  addConfigurationOptions,
  type ConfigurationInput,
  type ConfigurationOptions,
  configurationOf,
} from '../configurationInput.ts';
import { printNote, printResult } from '../output.ts';
import { jsonLines, printStream, tables } from '../printStream.ts';
import { openSession, type Session, workspaceId } from '../session.ts';

const FIELDS = /* GraphQL */ `
  defaultCountry fourEyes retentionDays
  rules {
    enabled severity isChanged
    rule { id severity }
    parameters { id value default }
    acceptance { accepted rejected waived rate hint }
  }
`;

const CONFIGURATION = /* GraphQL */ `
  query Configuration($id: ID!) { workspace(id: $id) { ${FIELDS} } }
`;

const CONFIGURE = /* GraphQL */ `
  mutation ConfigureWorkspace($input: ConfigureWorkspaceInput!) {
    configureWorkspace(input: $input) { ${FIELDS} }
  }
`;

const SET_RETENTION = /* GraphQL */ `
  mutation SetRetention($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) { ${FIELDS} }
  }
`;

const configurationShape = z.object({
  defaultCountry: z.string().nullable(),
  fourEyes: z.boolean(),
  retentionDays: z.number().nullable(),
  rules: z.array(
    z.object({
      enabled: z.boolean(),
      severity: z.string(),
      isChanged: z.boolean(),
      rule: z.object({ id: z.string(), severity: z.string() }),
      parameters: z.array(z.object({ id: z.string(), value: z.number(), default: z.number() })),
      acceptance: z.object({
        accepted: z.number(),
        rejected: z.number(),
        waived: z.number(),
        rate: z.number().nullable(),
        hint: z.string().nullable(),
      }),
    }),
  ),
});
type Configuration = z.infer<typeof configurationShape>;
type Rule = Configuration['rules'][number];

interface WorkspaceOptions {
  readonly workspace: string;
}

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .requiredOption('--workspace <slug>', 'the workspace')
    .description(
      'show what a workspace has set of its own: rules, default country, how long batches are kept',
    )
    .action(async ({ workspace }: WorkspaceOptions, self: Command) => {
      const session = await openSession(self);
      const id = await workspaceId(session, workspace);
      const shape = z.object({ workspace: configurationShape });
      const answer = await session.gateway.query(CONFIGURATION, { id }, shape);
      printConfiguration(answer.workspace, session.json);
    });
  addConfigurationOptions(config.command('set'))
    .description('set a rule, the default country or both; see "config test" first')
    .action((rule: string | undefined, options: ConfigurationOptions, self: Command) =>
      configure(self, configurationOf(rule, options)),
    );
  config
    .command('retention')
    .argument(
      '<days>',
      'how many days after their end batches are thinned, from 1 to 3650, or never',
    )
    .description('set how long the records, findings and decisions of ended batches are kept')
    .action((days: string, _options: object, self: Command) =>
      setRetention(self, parseRetention(days)),
    );
  config
    .command('reset')
    .argument('<rule>', 'the id of a rule')
    .description('set a rule as it is in the catalogue')
    .action((ruleId: string, _options: object, self: Command) =>
      configure(self, { rules: [{ ruleId, reset: true }] }),
    );
  addConfigurationOptions(config.command('test'))
    .option('--reset', 'the rule is as in the catalogue, except for what is named beside it')
    .description('say what a change would make of the last full audit, and change nothing')
    .action(async (rule: string | undefined, options: ConfigurationOptions, self: Command) => {
      const input = configurationOf(rule, options);
      const { session, id } = await openWorkspace(self);
      await runBackTest(session, { workspaceId: id, ...input });
    });
  config
    .command('history')
    .description('print who changed what, newest first, as a stream')
    .action(async (_options: object, self: Command) => {
      const { session, id } = await openWorkspace(self);
      const changes = readConfigurationChanges(session.gateway, id);
      const none = 'Nothing has been changed yet.';
      await printStream(changes, session.json ? jsonLines : tables(toChangeTable, none));
    });
}

/** The workspace is an option of the command above. */
async function openWorkspace(self: Command): Promise<{ session: Session; id: string }> {
  const { workspace } = z.object({ workspace: z.string() }).parse(self.optsWithGlobals());
  const session = await openSession(self);
  return { session, id: await workspaceId(session, workspace) };
}

async function configure(self: Command, input: ConfigurationInput): Promise<void> {
  const { session, id } = await openWorkspace(self);
  const { configureWorkspace } = await session.gateway.query(
    CONFIGURE,
    { input: { workspaceId: id, ...input } },
    z.object({ configureWorkspace: configurationShape }),
  );
  printConfiguration(configureWorkspace, session.json);
}

/** @throws CliError for what is neither a number of days nor never */
function parseRetention(days: string): number | null {
  if (days === 'never') return null;
  if (/^\d+$/.test(days)) return Number(days);
  throw new CliError(`"${days}" is not a number of days. Use one from 1 to 3650, or never.`);
}

async function setRetention(self: Command, retentionDays: number | null): Promise<void> {
  const { session, id } = await openWorkspace(self);
  const { updateWorkspace } = await session.gateway.query(
    SET_RETENTION,
    { input: { workspaceId: id, retentionDays } },
    z.object({ updateWorkspace: configurationShape }),
  );
  printConfiguration(updateWorkspace, session.json);
}

function printConfiguration(configuration: Configuration, json: boolean) {
  const { defaultCountry, fourEyes, retentionDays, rules } = configuration;
  const changed = rules.filter(({ isChanged }) => isChanged);
  const hints = rules.flatMap(({ rule: { id }, acceptance: { hint } }) =>
    hint === null ? [] : { ruleId: id, hint },
  );
  if (json) {
    printResult(
      JSON.stringify({
        ...{ defaultCountry, fourEyes, retentionDays, hints },
        rules: changed.map(toJson),
      }),
    );
    return;
  }
  printResult(
    `Default country: ${defaultCountry ?? 'none'}. Four eyes: ${fourEyes ? 'yes' : 'no'}. Ended batches are kept ${retentionDays === null ? 'for ever' : `${retentionDays} days`}.`,
  );
  if (changed.length === 0) printNote('All rules are as in the catalogue: see cli rules.');
  else printResult(toTable(changed));
  for (const { ruleId, hint } of hints) printNote(`${ruleId}: ${hint}`);
}

function toJson({ rule, enabled, severity, parameters, acceptance }: Rule) {
  return { ruleId: rule.id, enabled, severity, parameters, acceptance };
}

function toTable(rules: readonly Rule[]): string {
  return formatTable(
    ['Rule', 'On', 'Severity', 'Parameters', 'Accepted'],
    rules.map(({ rule, enabled, severity, parameters, acceptance: { rate } }) => [
      rule.id,
      enabled ? 'yes' : 'no',
      severity === rule.severity ? severity : `${severity} (${rule.severity})`,
      parameters
        .map(({ id, value, default: inherited }) =>
          value === inherited ? `${id} = ${value}` : `${id} = ${value} (${inherited})`,
        )
        .join('\n'),
      rate === null ? '' : `${Math.round(rate * 100)} %`,
    ]),
  );
}
