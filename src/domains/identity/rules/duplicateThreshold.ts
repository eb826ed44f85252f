import type { RuleParameter } from './rule.ts';

/** From which probability on two entities are found to be the same. */
export function duplicateThreshold(ruleId: string): RuleParameter {
  return {
    id: `${ruleId}.threshold`,
    description:
      'From which probability on two records are probably the same, above 0 and below 1. A lower one finds more, and more that are not.',
    default: 0.5,
  };
}
