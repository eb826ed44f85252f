import type { Pool } from 'pg';
import { allRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { type AuditRule, toAuditRule } from '../auditRules.ts';
import { inherited, readConfiguration } from './configuration.ts';
import { isChanged } from './planConfiguration.ts';

/** A rule as a workspace has it, beside how the catalogue has it. */
export interface ConfiguredRule {
  readonly rule: AuditRule;
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly parameters: readonly ConfiguredParameter[];
  /** Whether the workspace has set anything of it. */
  readonly isChanged: boolean;
}

export interface ConfiguredParameter {
  readonly id: string;
  readonly value: number;
  /** What it is where the workspace has set nothing. */
  readonly default: number;
}

/** All rules as a workspace has them, in the order of the catalogue. */
export async function listConfiguredRules(
  pool: Pool,
  workspaceId: string,
  entityType?: EntityType | null,
): Promise<readonly ConfiguredRule[]> {
  const { settings } = await readConfiguration(pool, workspaceId);
  return allRules
    .filter((rule) => !entityType || rule.entityType === entityType)
    .map((rule) => {
      const setting = settings.get(rule.id) ?? inherited(rule.id);
      return {
        rule: toAuditRule(rule),
        enabled: setting.enabled ?? true,
        severity: setting.severity ?? rule.severity,
        parameters: (rule.parameters ?? []).map((parameter) => ({
          id: parameter.id,
          value: setting.parameters[parameter.id] ?? parameter.default,
          default: parameter.default,
        })),
        isChanged: isChanged(setting),
      };
    });
}
