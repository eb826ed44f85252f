import { type Command, Option } from 'commander';
import { CliError } from './cliError.ts';
import { collect } from './collect.ts';

/** The options that say how a workspace is to be configured. */
export interface ConfigurationOptions {
  readonly on?: true;
  readonly off?: true;
  readonly severity?: string;
  readonly parameter: readonly string[];
  readonly country?: string;
  readonly reset?: true;
}

/** What the gateway takes, except for the workspace. */
export interface ConfigurationInput {
  readonly defaultCountry?: string | null;
  readonly rules: readonly object[];
}

export function addConfigurationOptions(command: Command): Command {
  return command
    .argument('[rule]', 'the id of a rule')
    .option('--on', 'audits and imports go by the rule')
    .option('--off', 'they do not')
    .addOption(
      new Option('--severity <severity>', 'how much it matters').choices([
        'ERROR',
        'WARNING',
        'INFO',
      ]),
    )
    .option(
      '--parameter <id=value>',
      'a number that it goes by, nothing after = for that of the catalogue; repeatable',
      collect,
      [],
    )
    .option(
      '--country <code>',
      'where entities without a country are taken to be, such as US, or none',
    );
}

/** @throws CliError where it is not plain what is to be set */
export function configurationOf(
  ruleId: string | undefined,
  { on, off, severity, parameter, country, reset }: ConfigurationOptions,
): ConfigurationInput {
  if (on && off) throw new CliError('--on does not go with --off.');
  const isAboutRule = on || off || severity || parameter.length > 0 || reset;
  if (isAboutRule && ruleId === undefined) {
    throw new CliError('Say which rule: cli rules lists them.');
  }
  if (!isAboutRule && (country === undefined || ruleId !== undefined)) {
    throw new CliError(
      'Say what to set: --on, --off, --severity or --parameter of a rule, or --country.',
    );
  }
  const rule = {
    ...{ ruleId, severity, reset },
    ...(on || off ? { enabled: on === true } : {}),
    ...(parameter.length === 0 ? {} : { parameters: parameter.map(parseParameter) }),
  };
  return {
    ...(country === undefined ? {} : { defaultCountry: country === 'none' ? null : country }),
    rules: isAboutRule ? [rule] : [],
  };
}

function parseParameter(text: string): { readonly id: string; readonly value: number | null } {
  const [id = '', value, ...rest] = text.split('=');
  const number = value === '' ? null : Number(value);
  if (id !== '' && rest.length === 0 && (number === null || Number.isFinite(number))) {
    return { id, value: number };
  }
  throw new CliError(`--parameter: "${text}" is not ID=VALUE with a number.`);
}
