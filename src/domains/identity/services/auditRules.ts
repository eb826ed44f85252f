import { type AnyRule, allRules, ruleById } from '../rules/catalogue.ts';
import type { EngineRule } from '../rules/engineRuleFailed.ts';
import { engineRules } from '../rules/engineRules.ts';
import type { EntityType } from '../rules/entities.ts';
import type { RuleParameter, Severity } from '../rules/rule.ts';
import { ruleExample } from '../rules/ruleExample.ts';

/** A rule of the catalogue, as it is offered to people. */
export interface AuditRule {
  readonly id: string;
  readonly version: number;
  /** Null for a rule of the engine, which is always on. */
  readonly entityType: EntityType | null;
  readonly severity: Severity;
  /** Whether it looks at all entities of a workspace together, rather than at one record. */
  readonly looksAtWorkspace: boolean;
  readonly fields: readonly string[];
  readonly description: string;
  readonly rationale: string;
  readonly example: string;
  readonly parameters: readonly RuleParameter[];
}

/** The rules of audits and imports, by entity type; those for one type where it is given. */
export function listAuditRules(entityType?: EntityType | null): readonly AuditRule[] {
  const rules = allRules.filter((rule) => !entityType || rule.entityType === entityType);
  return [...rules.map(toAuditRule), ...engineRules.map(ofEngine)];
}

function ofEngine({ kind: _kind, ...rule }: EngineRule): AuditRule {
  return { ...rule, entityType: null, looksAtWorkspace: false, fields: [], parameters: [] };
}

/** The rule with this id, or null. */
export function auditRuleById(id: string): AuditRule | null {
  const rule = ruleById(id);
  return rule ? toAuditRule(rule) : null;
}

/** The rule of the catalogue as people are told of it. */
export function toAuditRule(rule: AnyRule): AuditRule {
  const { id, version, entityType, severity, fields, description, rationale } = rule;
  return {
    id,
    version,
    entityType,
    severity,
    looksAtWorkspace: rule.kind !== 'record',
    fields,
    description,
    rationale,
    example: ruleExample(rule),
    parameters: rule.parameters ?? [],
  };
}
