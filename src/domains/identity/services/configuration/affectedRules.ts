import { type AnyRule, ruleById } from '../../rules/catalogue.ts';
import type { Severity } from '../../rules/rule.ts';
import type { RuleInForce, RuleSet } from './ruleSet.ts';

/** What may come out otherwise by one set of rules than by another. */
export interface AffectedRules {
  /** Their verdict may differ. */
  readonly run: readonly AnyRule[];
  /** Only their severity differs; by rule id, the new one. */
  readonly regraded: ReadonlyMap<string, Severity>;
  /** Those that are not on any more. */
  readonly off: readonly string[];
}

/** Which rules may find something else when records are judged by `after` instead of `before`. */
export function affectedRules(before: RuleSet, after: RuleSet): AffectedRules {
  const isOtherCountry = before.defaultCountry !== after.defaultCountry;
  const known = new Map(before.rules.map((rule) => [rule.id, rule]));
  const run: AnyRule[] = [];
  const regraded = new Map<string, Severity>();
  for (const setting of after.rules) {
    const rule = ruleById(setting.id);
    if (rule === undefined) continue;
    const old = known.get(setting.id);
    known.delete(setting.id);
    if (!isSameJudge(old, setting) || (isOtherCountry && mayReadDefaultCountry(rule))) {
      run.push(rule);
    } else if (old?.severity !== setting.severity) {
      regraded.set(setting.id, setting.severity);
    }
  }
  return { run, regraded, off: [...known.keys()] };
}

/** Devices have no country, and rules that PostgreSQL answers don't ask for one. */
export function mayReadDefaultCountry({ entityType, kind }: AnyRule): boolean {
  return entityType !== 'device' && kind !== 'query';
}

function isSameJudge(before: RuleInForce | undefined, after: RuleInForce): boolean {
  if (before?.version !== after.version) return false;
  const ids = new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)]);
  return [...ids].every((id) => before.parameters[id] === after.parameters[id]);
}
