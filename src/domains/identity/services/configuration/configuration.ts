import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { AnyRule } from '../../rules/catalogue.ts';
import type { RuleSetting } from './ruleSet.ts';

/** What a workspace has set of its own; everything else is inherited from the catalogue. */
export interface Configuration {
  /** ISO 3166-1 alpha-2; null for none. */
  readonly defaultCountry: string | null;
  /** By rule id, of those that differ. */
  readonly settings: ReadonlyMap<string, RuleSetting>;
}

/** What a workspace has set. */
export async function readConfiguration(
  client: ClientBase | Pool,
  workspaceId: string,
): Promise<Configuration> {
  const { rows } = await client.query<{
    defaultCountry: string | null;
    settings: readonly RuleSetting[];
  }>(sql`
    SELECT w.default_country AS "defaultCountry", coalesce(
      (SELECT jsonb_agg(jsonb_build_object('ruleId', rule_id, 'enabled', enabled,
         'severity', severity, 'parameters', parameters))
       FROM rule_setting WHERE workspace_id = w.id), '[]') AS settings
    FROM workspace w WHERE w.id = ${workspaceId}`);
  const { defaultCountry = null, settings = [] } = rows[0] ?? {};
  return {
    defaultCountry,
    settings: new Map(settings.map((setting) => [setting.ruleId, setting])),
  };
}

/** A rule without anything of its own. */
export function inherited(ruleId: string): RuleSetting {
  return { ruleId, enabled: null, severity: null, parameters: {} };
}

/** Settings by name; a parameter's name is its id. */
export type Settings = Readonly<Record<string, unknown>>;

/** How a rule is set, whether by the workspace or by the catalogue. */
export function effectiveSettings(rule: AnyRule, setting: RuleSetting): Settings {
  return {
    enabled: setting.enabled ?? true,
    severity: setting.severity ?? rule.severity,
    ...Object.fromEntries(
      (rule.parameters ?? []).map(({ id, default: inherited }) => [
        id,
        setting.parameters[id] ?? inherited,
      ]),
    ),
  };
}
