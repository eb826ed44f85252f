import type { RuleParameter } from './rule.ts';

/** From which probability on two entities are found to be the same. */
export function duplicateThreshold(ruleId: string): RuleParameter {
  return {
    id: `${ruleId}.threshold`,
    description:
      'From which probability on two records are probably the same. A lower one finds more, and more that are not.',
    default: 0.5,
    minimum: 0.01,
    maximum: 0.999,
  };
}
