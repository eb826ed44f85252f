import { z } from 'zod';
import type { AnyDuplicateRule } from '../../rules/catalogue.ts';
import type { RuleParameter } from '../../rules/rule.ts';
import type { RuleSet } from '../configuration/ruleSet.ts';
import type { MatchedType } from '../matching/recordStore.ts';
import type { BatchRules } from '../staging/batchRules.ts';
import type { FindingTable } from '../staging/findings.ts';

/** A search for duplicates in an audit, as plain data: another process may be told to do it. */
export const duplicateSearchSchema = z.object({
  batchId: z.uuid(),
  workspaceId: z.uuid(),
  ruleId: z.string(),
  /** Of the rule's findings. */
  ordinal: z.int(),
  /** How many rows the audit has. */
  endRow: z.int(),
  /** What is tried out instead of the batch's own rules; its findings go to a temporary table. */
  trial: z.custom<RuleSet>().optional(),
  /** Whether rows of an import are looked for among the entities, rather than duplicates in an audit. */
  incoming: z.literal(true).optional(),
});
export type DuplicateSearch = Readonly<z.infer<typeof duplicateSearchSchema>>;

/** Where the findings of a search go. */
export function findingTableOf({ trial }: DuplicateSearch): FindingTable {
  return trial === undefined ? 'finding' : 'back_test_finding';
}

/** A rule that also finds what is probably the same. */
export type MatchRule = Extract<AnyDuplicateRule, { readonly entityType: MatchedType }> & {
  readonly threshold: RuleParameter;
};

/** What findings and the ledger know such a rule by. */
export type MatchRuleKey = Pick<MatchRule, 'id' | 'entityType'>;

export function isMatchRule(rule: AnyDuplicateRule): rule is MatchRule {
  return rule.entityType !== 'device' && rule.threshold !== undefined;
}

/** @throws Error where there is no such rule, or it is off */
export function matchRuleOf({ ruleId }: DuplicateSearch, { workspaceRule }: BatchRules): MatchRule {
  const rule = workspaceRule(ruleId);
  if (rule?.kind !== 'duplicate' || !isMatchRule(rule))
    throw new Error(`There is no rule ${ruleId}.`);
  return rule;
}
