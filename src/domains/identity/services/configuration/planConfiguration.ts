import { badUserInput } from '../../../../platform/errors.ts';
import { type AnyRule, ruleById } from '../../rules/catalogue.ts';
import type { RuleParameter, Severity } from '../../rules/rule.ts';
import { isCountryCode } from '../../rules/values/country.ts';
import {
  type Configuration,
  effectiveSettings,
  inherited,
  type Settings,
} from './configuration.ts';
import type { RuleSetting } from './ruleSet.ts';

/** How a rule is to be set. What is undefined stays as it is, what is null is inherited again. */
export interface RuleChange {
  readonly ruleId: string;
  readonly enabled?: boolean | null | undefined;
  readonly severity?: Severity | null | undefined;
  readonly parameters?: readonly ParameterChange[] | null | undefined;
  /** Inherits everything again that is not named beside it. */
  readonly reset?: boolean | null | undefined;
}

export interface ParameterChange {
  readonly id: string;
  readonly value?: number | null | undefined;
}

/** How a workspace is to be configured. */
export interface ConfigurationInput {
  readonly workspaceId: string;
  /** Undefined: stays as it is; null: none. */
  readonly defaultCountry?: string | null | undefined;
  readonly rules?: readonly RuleChange[] | null | undefined;
}

/** What changes of one rule; of the workspace itself where the rule's id is empty. */
export interface PlannedChange {
  readonly ruleId: string;
  readonly before: Settings;
  readonly after: Settings;
}

/** A configuration to be, and how it differs from the one that it was made of. */
export interface ConfigurationPlan {
  readonly configuration: Configuration;
  readonly changes: readonly PlannedChange[];
}

/**
 * What a configuration becomes by a change of it. Only what differs from the catalogue is kept.
 *
 * @throws `BAD_USER_INPUT` for a rule, parameter, value or country that there is not
 */
export function planConfiguration(
  { defaultCountry, settings }: Configuration,
  { defaultCountry: wantedCountry = defaultCountry, rules }: ConfigurationInput,
): ConfigurationPlan {
  assertCountry(wantedCountry);
  const planned = new Map(settings);
  for (const [index, change] of (rules ?? []).entries()) {
    const path = `input.rules.${index}`;
    const rule = ruleById(change.ruleId);
    if (rule === undefined) throw noSuchRule(`${path}.ruleId`, change.ruleId);
    planned.set(rule.id, changeSetting(rule, planned.get(rule.id), change, path));
  }
  const changes = [
    ...difference('', { defaultCountry }, { defaultCountry: wantedCountry }),
    ...[...planned].flatMap(([ruleId, setting]) => {
      const rule = ruleById(ruleId);
      if (rule === undefined) return [];
      const before = effectiveSettings(rule, settings.get(ruleId) ?? inherited(ruleId));
      return difference(ruleId, before, effectiveSettings(rule, setting));
    }),
  ];
  return { configuration: { defaultCountry: wantedCountry, settings: planned }, changes };
}

/** The settings that are not the same, as they were and as they will be. */
export function difference(
  ruleId: string,
  before: Settings,
  after: Settings,
): readonly PlannedChange[] {
  const names = Object.keys(after).filter((name) => before[name] !== after[name]);
  if (names.length === 0) return [];
  const only = (all: Settings): Settings =>
    Object.fromEntries(names.map((name) => [name, all[name]]));
  return [{ ruleId, before: only(before), after: only(after) }];
}

/** Whether a rule has anything of its own. */
export function isChanged({ enabled, severity, parameters }: RuleSetting): boolean {
  return enabled !== null || severity !== null || Object.keys(parameters).length > 0;
}

function changeSetting(
  rule: AnyRule,
  before: RuleSetting | undefined,
  { enabled, severity, parameters, reset }: RuleChange,
  path: string,
): RuleSetting {
  const base = reset ? inherited(rule.id) : (before ?? inherited(rule.id));
  return {
    ruleId: rule.id,
    enabled: unlessInherited(enabled === undefined ? base.enabled : enabled, true),
    severity: unlessInherited(severity === undefined ? base.severity : severity, rule.severity),
    parameters: changeParameters(rule, base.parameters, parameters ?? [], path),
  };
}

/** A value that is the catalogue's is no difference. */
function unlessInherited<T>(value: T | null, inheritedValue: T): T | null {
  return value === inheritedValue ? null : value;
}

function changeParameters(
  { id: ruleId, parameters = [] }: AnyRule,
  before: RuleSetting['parameters'],
  changes: readonly ParameterChange[],
  path: string,
): RuleSetting['parameters'] {
  const values = new Map(Object.entries(before));
  for (const [index, { id, value }] of changes.entries()) {
    const field = `${path}.parameters.${index}`;
    const parameter = parameters.find((known) => known.id === id);
    if (parameter === undefined) throw noSuchParameter(`${field}.id`, ruleId, id, parameters);
    if (value === undefined || value === null || value === parameter.default) {
      values.delete(id);
    } else {
      assertInRange(`${field}.value`, parameter, value);
      values.set(id, value);
    }
  }
  return Object.fromEntries(values);
}

function assertInRange(
  field: string,
  { id, minimum, maximum }: RuleParameter,
  value: number,
): void {
  if (value >= minimum && value <= maximum) return;
  throw badUserInput(field, `${id} is between ${minimum} and ${maximum}, not ${value}.`);
}

function assertCountry(country: string | null): void {
  if (country === null || isCountryCode(country)) return;
  throw badUserInput(
    'input.defaultCountry',
    `"${country}" is not a country code: use ISO 3166-1 alpha-2, such as US or DE.`,
  );
}

function noSuchRule(field: string, id: string) {
  return badUserInput(field, `There is no rule "${id}": see auditRules, or cli rules, for all.`);
}

function noSuchParameter(
  field: string,
  ruleId: string,
  id: string,
  parameters: readonly RuleParameter[],
) {
  const known = parameters.map((parameter) => parameter.id).join(', ');
  return badUserInput(
    field,
    `The rule ${ruleId} has no parameter "${id}". ${known === '' ? 'It has none.' : `It has ${known}.`}`,
  );
}
