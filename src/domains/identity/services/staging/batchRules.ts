import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { type AnyWorkspaceRule, recordRules, workspaceRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { RecordRule, RuleContext, Severity } from '../../rules/rule.ts';
import { type RuleInForce, type RuleSet, readRuleSet } from '../configuration/ruleSet.ts';

/** The rules that the records of a batch are judged by, as its workspace had them set. */
export interface BatchRules {
  readonly context: RuleContext;
  /** Those that are on, each with the severity that it has in the workspace. */
  readonly recordRules: { readonly [T in EntityType]: readonly RecordRule<T>[] };
  /** Undefined for a rule that there is not, or that is off. */
  workspaceRule(id: string): AnyWorkspaceRule | undefined;
}

/**
 * What the records of a batch are judged by, and on which day.
 *
 * @param trial - a rule set to judge them by instead of their own
 */
export async function batchRules(
  client: ClientBase,
  batch: { readonly id: string; readonly workspaceId: string },
  trial?: RuleSet,
): Promise<BatchRules> {
  const { rows } = await client.query<{ ruleSet: RuleSet | null; today: string }>(sql`
    SELECT rule_set AS "ruleSet", to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today
    FROM staged_batch WHERE id = ${batch.id} AND workspace_id = ${batch.workspaceId}`);
  if (rows[0] === undefined) throw new Error(`There is no batch ${batch.id} in its workspace.`);
  const { today } = rows[0];
  const ruleSet = trial ?? rows[0].ruleSet;
  return rulesInForce(ruleSet ?? (await readRuleSet(client, batch.workspaceId)), today);
}

/**
 * The rules of the catalogue that a rule set has on, ready to be run.
 *
 * @param today - YYYY-MM-DD in UTC
 */
export function rulesInForce({ defaultCountry, rules }: RuleSet, today: string): BatchRules {
  const inForce = new Map(rules.map((rule) => [rule.id, rule]));
  const parameters = new Map(rules.flatMap((rule) => Object.entries(rule.parameters)));
  return {
    context: { defaultCountry, today, parameters },
    recordRules: {
      contact: recordRules.contact.flatMap((rule) => asInForce(rule, inForce)),
      site: recordRules.site.flatMap((rule) => asInForce(rule, inForce)),
      device: recordRules.device.flatMap((rule) => asInForce(rule, inForce)),
    },
    workspaceRule(id) {
      const rule = workspaceRules.find((known) => known.id === id);
      return rule && asInForce(rule, inForce)[0];
    },
  };
}

function asInForce<R extends { readonly id: string; readonly severity: Severity }>(
  rule: R,
  inForce: ReadonlyMap<string, RuleInForce>,
): readonly R[] {
  const setting = inForce.get(rule.id);
  if (setting === undefined) return [];
  return [setting.severity === rule.severity ? rule : { ...rule, severity: setting.severity }];
}
