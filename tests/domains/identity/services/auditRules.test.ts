import { expect, it } from 'vitest';
import { listAuditRules } from '../../../../src/domains/identity/services/auditRules.ts';
import { assertRuleExists } from '../../../../src/domains/identity/services/review/knownRules.ts';

it('lists the rule of the engine with those for every type', () => {
  const rules = listAuditRules('site');
  expect(rules.slice(0, -1).map(({ entityType }) => entityType)).not.toContain('contact');
  expect(rules.at(-1)).toMatchObject({ id: 'engine.rule-failed', entityType: null, fields: [] });
});

it('lets findings be asked for by every rule that it lists', () => {
  for (const { id } of listAuditRules()) assertRuleExists('filter.ruleId', id);
});

it('names what may be meant by the id of no rule', () => {
  expect(() => assertRuleExists('filter.ruleId', 'engine.failed')).toThrow(
    'There is no rule "engine.failed". Use one of engine.rule-failed.',
  );
});
