import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allRules } from '../../../../../src/domains/identity/rules/catalogue.ts';
import {
  type Configuration,
  effectiveSettings,
  inherited,
} from '../../../../../src/domains/identity/services/configuration/configuration.ts';
import { listConfigurationChanges } from '../../../../../src/domains/identity/services/configuration/configurationChanges.ts';
import { listConfiguredRules } from '../../../../../src/domains/identity/services/configuration/configuredRules.ts';
import { configureWorkspace } from '../../../../../src/domains/identity/services/configuration/configureWorkspace.ts';
import {
  type ConfigurationInput,
  planConfiguration,
  type RuleChange,
} from '../../../../../src/domains/identity/services/configuration/planConfiguration.ts';
import { readRuleSet } from '../../../../../src/domains/identity/services/configuration/ruleSet.ts';
import {
  type UpdateWorkspaceInput,
  updateWorkspace,
} from '../../../../../src/domains/identity/services/configuration/updateWorkspace.ts';
import { archiveWorkspace } from '../../../../../src/domains/identity/services/workspaceArchive.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let workspaceId: string;
let actorId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  actorId = await testbed.createUser('admin');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
});
afterAll(() => testbed.close());

const configure = (input: Omit<ConfigurationInput, 'workspaceId'>) =>
  configureWorkspace(testbed.runtime.pool, { workspaceId, actorId, ...input });
const set = (change: RuleChange) => configure({ rules: [change] });
const update = (input: Pick<UpdateWorkspaceInput, 'fourEyes' | 'retentionDays'>) =>
  updateWorkspace(testbed.runtime.pool, { workspaceId, actorId, ...input });

async function settings(): Promise<unknown> {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT rule_id AS "ruleId", enabled, severity, parameters FROM rule_setting
     WHERE workspace_id = $1 ORDER BY rule_id`,
    [workspaceId],
  );
  return rows;
}

async function history() {
  const page = { after: null, before: null, limit: 100, backwards: false };
  const changes = await listConfigurationChanges(testbed.runtime.pool, workspaceId, page);
  return changes.map(({ ruleId, before, after }) => ({ ruleId, before, after }));
}

const AGE = 'contact.birth-date.implausible.maximumAge';
const age = (value: number | null): RuleChange => ({
  ruleId: 'contact.birth-date.implausible',
  parameters: [{ id: AGE, value }],
});

it('keeps only what differs, and inherits the rest', async () => {
  await set({ ruleId: 'contact.required', enabled: true, severity: 'ERROR' });
  expect(await settings()).toEqual([]);

  await set({ ruleId: 'contact.required', severity: 'INFO' });
  await set({ ruleId: 'contact.required', enabled: false });
  await set(age(90));
  expect(await settings()).toEqual([
    {
      ...{ ruleId: 'contact.birth-date.implausible', enabled: null, severity: null },
      parameters: { [AGE]: 90 },
    },
    { ruleId: 'contact.required', enabled: false, severity: 'INFO', parameters: {} },
  ]);

  await set({ ruleId: 'contact.required', severity: null, enabled: true });
  await set(age(120));
  expect(await settings()).toEqual([]);
});

it('resets a rule, and sets what is named beside it', async () => {
  await set({ ruleId: 'contact.duplicate', enabled: false, severity: 'INFO' });
  await set({ ruleId: 'contact.duplicate', reset: true, severity: 'ERROR' });
  expect(await settings()).toMatchObject([{ enabled: null, severity: 'ERROR' }]);
  await set({ ruleId: 'contact.duplicate', reset: true });
  expect(await settings()).toEqual([]);
});

it('is what rule sets are made of from then on', async () => {
  await configure({
    defaultCountry: null,
    rules: [{ ruleId: 'contact.required', enabled: false }, age(90)],
  });
  const { defaultCountry, rules } = await readRuleSet(testbed.runtime.pool, workspaceId);
  expect(defaultCountry).toBeNull();
  expect(rules.map(({ id }) => id)).not.toContain('contact.required');
  expect(rules.find(({ id }) => id === 'contact.birth-date.implausible')).toMatchObject({
    parameters: { [AGE]: 90 },
  });
  const listed = await listConfiguredRules(testbed.runtime.pool, workspaceId, 'contact');
  expect(listed.filter(({ isChanged }) => isChanged)).toMatchObject([
    { rule: { id: 'contact.required' }, enabled: false },
    { parameters: [{ id: AGE, value: 90, default: 120 }] },
  ]);
});

describe('the history', () => {
  it('has who changed what, from what to what, newest first', async () => {
    await configure({
      defaultCountry: 'DE',
      rules: [{ ruleId: 'contact.required', enabled: false, severity: 'INFO' }],
    });
    await set(age(90));
    await update({ fourEyes: true });

    expect(await history()).toEqual([
      { ruleId: '', before: { fourEyes: false }, after: { fourEyes: true } },
      {
        ruleId: 'contact.birth-date.implausible',
        before: { [AGE]: 120 },
        after: { [AGE]: 90 },
      },
      {
        ruleId: 'contact.required',
        before: { enabled: true, severity: 'ERROR' },
        after: { enabled: false, severity: 'INFO' },
      },
      { ruleId: '', before: { defaultCountry: 'US' }, after: { defaultCountry: 'DE' } },
    ]);
    const page = { after: null, before: null, limit: 1, backwards: false };
    expect(await listConfigurationChanges(testbed.runtime.pool, workspaceId, page)).toMatchObject([
      { actorId, createdAt: expect.any(Date) },
    ]);
  });

  it('has nothing of what stays as it is', async () => {
    await configure({ defaultCountry: 'US', rules: [age(120), age(90), age(null)] });
    await update({ fourEyes: false });
    expect(await history()).toEqual([]);
  });

  it('loses nothing when many configure at the same time', async () => {
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0
          ? set({ ruleId: 'contact.duplicate', severity: index % 4 === 0 ? 'ERROR' : 'INFO' })
          : set({ ruleId: 'contact.required', enabled: index % 4 === 1 }),
      ),
    );
    // Each change begins where the one before it has ended.
    const ofDuplicates = (await history()).filter(({ ruleId }) => ruleId === 'contact.duplicate');
    for (const [index, { before }] of ofDuplicates.slice(0, -1).entries()) {
      expect(before).toEqual(ofDuplicates[index + 1]?.after);
    }
  });
});

describe('refuses, and changes nothing', () => {
  it.each([
    ['a rule that there is not', { ruleId: 'contact.nothing' }, 'ruleId'],
    [
      'a parameter of another rule',
      { ruleId: 'contact.required', parameters: [{ id: AGE, value: 1 }] },
      'parameters.0.id',
    ],
    ['a negative age', age(-1), 'parameters.0.value'],
    [
      'a threshold of more than one',
      {
        ruleId: 'contact.duplicate',
        parameters: [{ id: 'contact.duplicate.threshold', value: 1.5 }],
      },
      'parameters.0.value',
    ],
  ])('%s', async (_what, change, field) => {
    const rules = [{ ruleId: 'contact.required', enabled: false }, change];
    await expect(configure({ defaultCountry: 'DE', rules })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: `input.rules.1.${field}` },
    });
    expect([await settings(), await history()]).toEqual([[], []]);
  });

  it('an archived workspace', async () => {
    await archiveWorkspace(testbed.runtime.pool, workspaceId);
    const archived = { code: 'CONFLICT' };

    await expect(configure({ defaultCountry: 'DE' })).rejects.toMatchObject(archived);
    await expect(update({ fourEyes: true })).rejects.toMatchObject(archived);
    await expect(update({ retentionDays: 1 })).rejects.toMatchObject(archived);
  });

  it('a setting of the workspace, with all that was to be changed beside it', async () => {
    const half = update({ fourEyes: true, retentionDays: 0 });
    await expect(half).rejects.toMatchObject({ details: { field: 'input.retentionDays' } });
    expect(await history()).toEqual([]);

    await update({ fourEyes: true, retentionDays: 30 });
    await update({});
    expect(await history()).toEqual([
      {
        ruleId: '',
        before: { fourEyes: false, retentionDays: null },
        after: { fourEyes: true, retentionDays: 30 },
      },
    ]);
  });

  it('a country that there is not', async () => {
    await expect(configure({ defaultCountry: 'XX' })).rejects.toMatchObject({
      details: { field: 'input.defaultCountry' },
    });
  });
});

describe('a plan', () => {
  const change: fc.Arbitrary<RuleChange> = fc
    .constantFrom(...allRules)
    .chain(({ id, parameters = [] }) =>
      fc.record({
        ruleId: fc.constant(id),
        enabled: fc.constantFrom(true, false, null, undefined),
        severity: fc.constantFrom('ERROR', 'WARNING', 'INFO', null, undefined),
        reset: fc.boolean(),
        parameters: fc.constantFrom(
          [],
          ...parameters.map((parameter) => [{ id: parameter.id, value: parameter.minimum }]),
          ...parameters.map((parameter) => [{ id: parameter.id, value: null }]),
        ),
      }),
    );
  const nothing: Configuration = { defaultCountry: null, settings: new Map() };
  const plan = (from: Configuration, rules: readonly RuleChange[]) =>
    planConfiguration(from, { workspaceId, rules });
  const effective = ({ settings }: Configuration) =>
    allRules.map((rule) => effectiveSettings(rule, settings.get(rule.id) ?? inherited(rule.id)));

  it('of what was planned already changes nothing', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (rules) => {
        const { configuration } = plan(nothing, rules);
        const last = [...new Map(rules.map((rule) => [rule.ruleId, rule])).values()];
        const again = plan(
          configuration,
          last.map((rule) => ({ ...rule, reset: false })),
        );
        expect(again.changes).toEqual([]);
        expect(effective(again.configuration)).toEqual(effective(configuration));
      }),
    );
  });

  it('that resets all rules goes back to the catalogue', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (rules) => {
        const { configuration } = plan(nothing, rules);
        const reset = plan(
          configuration,
          allRules.map(({ id }) => ({ ruleId: id, reset: true })),
        );
        expect(effective(reset.configuration)).toEqual(effective(nothing));
        const named = reset.changes.map(({ ruleId }) => ruleId);
        expect(named).toEqual(plan(nothing, rules).changes.map(({ ruleId }) => ruleId));
      }),
    );
  });
});
