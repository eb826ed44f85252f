import type { ClientBase, Pool } from 'pg';
import { allRules } from '../../rules/catalogue.ts';
import type { Severity } from '../../rules/rule.ts';
import { readConfiguration } from './configuration.ts';

/** A rule as a workspace has it. */
export interface RuleInForce {
  readonly id: string;
  readonly version: number;
  readonly severity: Severity;
  /** The parameters that differ from their defaults, by id. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** What records are judged by; kept with each batch as it was when the batch was created. */
export interface RuleSet {
  /** ISO 3166-1 alpha-2 of the workspace; read where an entity has no country of its own. */
  readonly defaultCountry: string | null;
  /** The rules that are on, in the order of the catalogue. */
  readonly rules: readonly RuleInForce[];
}

/** How a workspace's rule differs from the catalogue's; what is null is inherited. */
export interface RuleSetting {
  readonly ruleId: string;
  readonly enabled: boolean | null;
  readonly severity: Severity | null;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The rules of a workspace as they are set now. */
export async function readRuleSet(
  client: ClientBase | Pool,
  workspaceId: string,
): Promise<RuleSet> {
  const { defaultCountry, settings } = await readConfiguration(client, workspaceId);
  return ruleSetOf(defaultCountry, [...settings.values()]);
}

/** The catalogue with a workspace's settings applied. */
export function ruleSetOf(
  defaultCountry: string | null,
  settings: readonly RuleSetting[],
): RuleSet {
  const settingOf = new Map(settings.map((setting) => [setting.ruleId, setting]));
  const rules = allRules
    .filter(({ id }) => settingOf.get(id)?.enabled ?? true)
    .map(({ id, version, severity }) => ({
      ...{ id, version, severity: settingOf.get(id)?.severity ?? severity },
      parameters: settingOf.get(id)?.parameters ?? {},
    }));
  return { defaultCountry, rules };
}
