import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const rule = (id: string, more: object) => ({
  ...{ enabled: true, severity: 'WARNING', isChanged: false, parameters: [] },
  rule: { id, severity: 'WARNING' },
  acceptance: { accepted: 0, rejected: 0, waived: 0, rate: null, hint: null },
  ...more,
});
const threshold = 'contact.duplicate.threshold';
const configuration = {
  defaultCountry: 'US',
  fourEyes: false,
  retentionDays: 90,
  rules: [
    rule('contact.required', {
      acceptance: { accepted: 1, rejected: 9, waived: 0, rate: 0.1, hint: 'Switch it off.' },
    }),
    rule('contact.duplicate', {
      ...{ severity: 'ERROR', isChanged: true },
      parameters: [{ id: threshold, value: 0.9, default: 0.5 }],
    }),
  ],
};
const example = {
  ...{ kind: 'CHANGED', ruleId: 'contact.duplicate', entityType: 'CONTACT', entityId: 'id-7' },
  ...{ field: 'email', message: 'Same e-mail address as another contact.', currentValue: 'a@b.c' },
  ...{ suggestedValue: null, severityBefore: 'WARNING', severityAfter: 'ERROR' },
};
const counts = { before: 7, after: 5, added: 1, removed: 3, changed: 4 };
const backTest = {
  changedEntityCount: 3,
  batch: { id: 'batch-1', title: 'Data audit' },
  rules: [{ ruleId: 'contact.duplicate', ...counts }],
  examples: [example],
};
const change = {
  ...{ id: 'change-1', ruleId: null, createdAt: '2026-11-23T10:00:00.000Z' },
  ...{ before: { defaultCountry: null }, after: { defaultCountry: 'US' } },
  actor: { id: 'user-1', email: 'admin@demo.example' },
};

let gateway: StandInGateway;
beforeEach(async () => {
  const pageInfo = { endCursor: null, hasNextPage: false };
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
    Configuration: { workspace: configuration },
    ConfigureWorkspace: { configureWorkspace: configuration },
    SetRetention: { updateWorkspace: { ...configuration, retentionDays: null } },
    BackTest: { backTest },
    ConfigurationChanges: {
      workspace: { configurationChanges: { edges: [{ node: change }], pageInfo } },
    },
  });
});
afterEach(() => gateway.stop());

const config = (...args: string[]) => gateway.cli('config', ...args, '--workspace', 'demo');
const lastInput = () => gateway.asked.at(-1)?.variables.input;

it('shows the default country, what differs from the catalogue, and hints', async () => {
  const { stdout, stderr } = await config();

  expect(stdout).toContain('Default country: US. Four eyes: no. Ended batches are kept 90 days.');
  expect(stdout).toContain('contact.duplicate');
  expect(stdout).toContain('ERROR (WARNING)');
  expect(stdout).toContain(`${threshold} = 0.9 (0.5)`);
  expect(stdout).not.toContain('contact.required');
  expect(stderr).toContain('contact.required: Switch it off.');
});

it('is one object as JSON', async () => {
  const { stdout } = await config('--json');
  expect(JSON.parse(stdout)).toMatchObject({
    defaultCountry: 'US',
    retentionDays: 90,
    rules: [{ ruleId: 'contact.duplicate', enabled: true, severity: 'ERROR' }],
    hints: [{ ruleId: 'contact.required', hint: 'Switch it off.' }],
  });
});

describe('set', () => {
  it.each([
    [
      ['contact.duplicate', '--off', '--severity', 'INFO', '--parameter', `${threshold}=0.8`],
      {
        rules: [
          {
            ...{ ruleId: 'contact.duplicate', enabled: false, severity: 'INFO' },
            parameters: [{ id: threshold, value: 0.8 }],
          },
        ],
      },
    ],
    [
      ['contact.duplicate', '--on', '--parameter', `${threshold}=`],
      {
        rules: [
          {
            ...{ ruleId: 'contact.duplicate', enabled: true },
            parameters: [{ id: threshold, value: null }],
          },
        ],
      },
    ],
    [['--country', 'DE'], { defaultCountry: 'DE', rules: [] }],
    [['--country', 'none'], { defaultCountry: null, rules: [] }],
  ])('%j', async (args, input) => {
    expect((await config('set', ...args)).exitCode).toBe(0);
    expect(lastInput()).toEqual({ workspaceId: 'workspace-1', ...input });
  });

  it.each([
    ['on and off', ['contact.duplicate', '--on', '--off'], '--on does not go with --off'],
    ['nothing', ['contact.duplicate'], 'Say what to set'],
    ['no rule', ['--off'], 'Say which rule'],
    ['no number', ['contact.duplicate', '--parameter', `${threshold}=much`], '--parameter'],
  ])('refuses %s', async (_what, args, message) => {
    const { exitCode, stderr } = await config('set', ...args);
    expect({ exitCode, asked: gateway.asked }).toEqual({ exitCode: 1, asked: [] });
    expect(stderr).toContain(message);
  });
});

describe('retention', () => {
  it.each([
    ['30', 30],
    ['never', null],
  ])('%s', async (days, retentionDays) => {
    const { stdout } = await config('retention', days);
    expect(lastInput()).toEqual({ workspaceId: 'workspace-1', retentionDays });
    expect(stdout).toContain('Ended batches are kept for ever.');
  });

  it.each(['soon', '1.5', ''])('refuses "%s"', async (days) => {
    const { exitCode, stderr } = await config('retention', days);
    expect({ exitCode, asked: gateway.asked }).toEqual({ exitCode: 1, asked: [] });
    expect(stderr).toContain('not a number of days');
  });
});

it('resets a rule', async () => {
  await config('reset', 'contact.duplicate');
  expect(lastInput()).toMatchObject({ rules: [{ ruleId: 'contact.duplicate', reset: true }] });
});

it('tests a change, and prints its figures and examples', async () => {
  const { stdout, stderr } = await config('test', 'contact.duplicate', '--reset');

  expect(lastInput()).toMatchObject({ rules: [{ ruleId: 'contact.duplicate', reset: true }] });
  expect(gateway.asked.map(({ operation }) => operation)).not.toContain('ConfigureWorkspace');
  expect(stdout).toContain('Compared with Data audit (batch-1)');
  expect(stdout).toMatch(/contact\.duplicate\s*│\s*7\s*│\s*5\s*│\s*1\s*│\s*3\s*│\s*4/);
  expect(stdout).toContain('WARNING → ERROR');
  expect(stderr).toContain('3 entities were changed or added since');
});

it('prints who changed what', async () => {
  const { stdout } = await config('history');
  expect(stdout).toContain('defaultCountry: none → US');
  expect(stdout).toContain('admin@demo.example');
  expect(JSON.parse((await config('history', '--json')).stdout)).toEqual(change);
});
