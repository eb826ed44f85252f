import { describe, expect, it } from 'vitest';
import { allRules } from '../../../../../src/domains/identity/rules/catalogue.ts';
import type { RuleContext } from '../../../../../src/domains/identity/rules/rule.ts';
import {
  affectedRules,
  mayReadDefaultCountry,
} from '../../../../../src/domains/identity/services/configuration/affectedRules.ts';
import { ruleSetOf } from '../../../../../src/domains/identity/services/configuration/ruleSet.ts';
import { deviceWith } from '../../rules/ruleTesting.ts';

const none = ruleSetOf('US', []);
const setting = { ruleId: 'contact.duplicate', enabled: null, severity: null, parameters: {} };
const ids = (rules: readonly { readonly id: string }[]) => rules.map(({ id }) => id);

it('are none where nothing differs', () => {
  const { run, regraded, off } = affectedRules(none, ruleSetOf('US', [setting]));
  expect([run, [...regraded], off]).toEqual([[], [], []]);
});

it('need not be run where they are off, or have another severity only', () => {
  const changed = ruleSetOf('US', [
    { ...setting, severity: 'ERROR' },
    { ...setting, ruleId: 'site.duplicate', enabled: false },
  ]);
  const { run, regraded, off } = affectedRules(none, changed);
  expect(run).toEqual([]);
  expect([...regraded]).toEqual([['contact.duplicate', 'ERROR']]);
  expect(off).toEqual(['site.duplicate']);
});

it('are run that are on again, go by other numbers or have another version', () => {
  const on = affectedRules(ruleSetOf('US', [{ ...setting, enabled: false }]), none);
  expect(ids(on.run)).toEqual(['contact.duplicate']);
  const parameters = { 'contact.duplicate.threshold': 0.9 };
  const other = affectedRules(none, ruleSetOf('US', [{ ...setting, parameters }]));
  expect(ids(other.run)).toEqual(['contact.duplicate']);
  const older = none.rules.map((rule) =>
    rule.id === 'site.required' ? { ...rule, version: rule.version - 1 } : rule,
  );
  expect(ids(affectedRules({ ...none, rules: older }, none).run)).toEqual(['site.required']);
});

describe('with another default country', () => {
  it('are all that may read it', () => {
    const { run } = affectedRules(none, ruleSetOf('DE', []));
    expect(ids(run)).toEqual(ids(allRules.filter(mayReadDefaultCountry)));
  });

  it('are none of those that never ask for it', () => {
    const context: RuleContext = {
      get defaultCountry(): never {
        throw new Error('The default country was read.');
      },
      today: '2026-01-01',
      parameters: new Map(),
    };
    const device = deviceWith({ serialNumber: 'BM-1', macAddress: '00-1b-44-11-3a-b7' });
    for (const rule of allRules) {
      if (rule.kind === 'query') rule.select('', context);
      else if (rule.entityType !== 'device') expect(mayReadDefaultCountry(rule)).toBe(true);
      else if (rule.kind === 'record') rule.check(device, context, () => {});
      else rule.matchKeys(device, context);
    }
  });
});
