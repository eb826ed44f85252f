import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordRules } from '../../../../../src/domains/identity/rules/catalogue.ts';
import { createBackTestService } from '../../../../../src/domains/identity/services/configuration/backTest.ts';
import { configureWorkspace } from '../../../../../src/domains/identity/services/configuration/configureWorkspace.ts';
import type { ConfigurationInput } from '../../../../../src/domains/identity/services/configuration/planConfiguration.ts';
import type { TrialCounts } from '../../../../../src/domains/identity/services/configuration/trialOutcome.ts';
import { waitFor } from '../../../../support/waitFor.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { ada, adaAgain } from '../duplicates/people.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let workspaceId: string;
let actorId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('admin');
  bed = createBatchBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
  await createMess();
});
afterAll(() => testbed.close());

/** Something for every kind of rule. */
async function createMess(): Promise<void> {
  const contact = (fields: object) => testbed.createEntity(workspaceId, 'contact', fields);
  await contact(ada);
  await contact(adaAgain);
  await contact({ familyName: 'Meier', birthDate: '1921-05-04', email: 'meier@example.com' });
  await contact({ familyName: 'Meier', phone: '(312) 555-0142', email: 'Meier@example.com' });
  await contact({ familyName: 'ROSSI', phone: '030 901820', postalCode: '1011' });
  await contact({ familyName: ' Berg', phone: '7735221', email: 'x@gmial.com' });
  const siteId = await testbed.createEntity(workspaceId, 'site', {
    ...{ name: 'Depot', postalCode: '60607', phone: '3125550142', latitude: 41.8, longitude: 87.6 },
  });
  await testbed.createEntity(workspaceId, 'site', { name: 'Depot ', locality: 'Berlin' });
  await letAge('customer_site', siteId);
  await testbed.createEntity(workspaceId, 'device', { siteId, serialNumber: 'BM-1OO234' });
  const device = { siteId, serialNumber: 'BM-100234', macAddress: '00-1b-44-11-3a-b7' };
  await testbed.createEntity(workspaceId, 'device', { ...device, installedOn: '1985-03-01' });
  await testbed.createEntity(workspaceId, 'device', device);
}

/** Says that nobody has changed an entity for ten days. */
async function letAge(table: string, id: string): Promise<void> {
  await testbed.runtime.pool.query(`
    BEGIN;
    ALTER TABLE ${table} DISABLE TRIGGER stamp_entity_change;
    UPDATE ${table} SET updated_at = now() - interval '10 days' WHERE id = '${id}';
    ALTER TABLE ${table} ENABLE TRIGGER stamp_entity_change;
    COMMIT`);
}

type Change = Omit<ConfigurationInput, 'workspaceId'>;

/** @param inProcessRecords - how many records are compared without a process of their own */
const serviceOf = (inProcessRecords: number) =>
  createBackTestService({
    ...{ pool: testbed.runtime.pool, databaseUrl: testbed.connectionString },
    ...{ logger: pino({ level: 'silent' }), inProcessRecords },
  });
const test = (change: Change) => testbed.runtime.backTest.backTest({ workspaceId, ...change });
const configure = (change: Change) =>
  configureWorkspace(testbed.runtime.pool, { workspaceId, actorId, ...change });

/** How the findings of two audits differ, by rule: what the back-test has to foretell. */
async function differenceOf(before: string, after: string): Promise<readonly Difference[]> {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT batch_id AS batch, rule_id AS "ruleId", severity,
            jsonb_build_array(entity_id, rule_id, field, message, current_value, suggested_value,
              suggestion_certainty, related_entity_ids)::text AS key
     FROM finding WHERE batch_id IN ($1, $2)`,
    [before, after],
  );
  const of = (id: string) =>
    new Map(rows.filter(({ batch }) => batch === id).map((f) => [f.key, f]));
  const [old, now] = [of(before), of(after)];
  const differences = new Map<string, { added: number; removed: number; changed: number }>();
  const countUp = (ruleId: string, kind: 'added' | 'removed' | 'changed') => {
    const counts = differences.get(ruleId) ?? { added: 0, removed: 0, changed: 0 };
    differences.set(ruleId, { ...counts, [kind]: counts[kind] + 1 });
  };
  for (const [key, { ruleId, severity }] of now) {
    if (!old.has(key)) countUp(ruleId, 'added');
    else if (old.get(key).severity !== severity) countUp(ruleId, 'changed');
  }
  for (const [key, { ruleId }] of old) if (!now.has(key)) countUp(ruleId, 'removed');
  return [...differences].map(([ruleId, counts]) => ({ ruleId, ...counts })).sort(byRule);
}

type Difference = Pick<TrialCounts, 'ruleId' | 'added' | 'removed' | 'changed'>;
const byRule = (a: Difference, b: Difference) => (a.ruleId < b.ruleId ? -1 : 1);

const differences = (rules: readonly TrialCounts[]): readonly Difference[] =>
  rules
    .filter(({ added, removed, changed }) => added + removed + changed > 0)
    .map(({ ruleId, added, removed, changed }) => ({ ruleId, added, removed, changed }));

const off = (ruleId: string): Change => ({ rules: [{ ruleId, enabled: false }] });
const threshold = (ruleId: string, value: number): Change => ({
  rules: [{ ruleId, parameters: [{ id: `${ruleId}.threshold`, value }] }],
});

/** What is configured when the first audit is made, and the change that is tested then. */
const CHANGES: readonly (readonly [string, Change, Change])[] = [
  ['a record rule off', {}, off('contact.phone.format')],
  ['a workspace rule off', {}, off('contact.duplicate')],
  [
    'a record rule on again',
    off('contact.name.case'),
    { rules: [{ ruleId: 'contact.name.case', reset: true }] },
  ],
  [
    'a workspace rule on again',
    off('device.duplicate'),
    { rules: [{ ruleId: 'device.duplicate', enabled: true }] },
  ],
  [
    'a query rule on again',
    off('device.serial.near-equal'),
    { rules: [{ ruleId: 'device.serial.near-equal', enabled: null }] },
  ],
  [
    'a parameter',
    {},
    {
      rules: [
        {
          ruleId: 'contact.birth-date.implausible',
          parameters: [{ id: 'contact.birth-date.implausible.maximumAge', value: 90 }],
        },
      ],
    },
  ],
  [
    'a parameter of a query rule',
    {},
    { rules: [{ ruleId: 'site.stale', parameters: [{ id: 'site.stale.maximumAge', value: 5 }] }] },
  ],
  ['a severity', {}, { rules: [{ ruleId: 'contact.duplicate', severity: 'ERROR' }] }],
  [
    'a severity and a parameter',
    {},
    {
      rules: [
        {
          ruleId: 'device.dates.implausible',
          severity: 'ERROR',
          parameters: [{ id: 'device.dates.implausible.earliestYear', value: 1990 }],
        },
      ],
    },
  ],
  ['another default country', {}, { defaultCountry: 'DE' }],
  ['no default country', {}, { defaultCountry: null }],
  ['a higher threshold', {}, threshold('contact.duplicate', 0.999)],
  [
    'a lower threshold',
    threshold('contact.duplicate', 0.999),
    threshold('contact.duplicate', 0.01),
  ],
  [
    'several at a time',
    off('site.duplicate'),
    {
      defaultCountry: null,
      rules: [
        { ruleId: 'site.duplicate', reset: true },
        { ruleId: 'contact.required', severity: 'INFO' },
        { ruleId: 'contact.text.whitespace', enabled: false },
      ],
    },
  ],
];

describe('the figures are those of an audit with the same change', () => {
  it.each(CHANGES)('%s', async (_what, before, change) => {
    await configure(before);
    const first = await bed.audit(workspaceId);

    const { batchId, rules, examples, changedEntityCount } = await test(change);

    await configure(change);
    const second = await bed.audit(workspaceId);
    const expected = await differenceOf(first, second);
    expect({ batchId, changedEntityCount }).toEqual({ batchId: first, changedEntityCount: 0 });
    expect(differences(rules)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    const total = expected.reduce(
      (sum, { added, removed, changed }) => sum + added + removed + changed,
      0,
    );
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.length).toBeLessThanOrEqual(total);
  });

  it('with changes that were made since the last audit', async () => {
    const first = await bed.audit(workspaceId);
    await configure(off('contact.phone.format'));

    const { rules } = await test(off('contact.duplicate'));

    await configure(off('contact.duplicate'));
    expect(differences(rules)).toEqual(await differenceOf(first, await bed.audit(workspaceId)));
    expect(rules.map(({ ruleId }) => ruleId)).toEqual([
      'contact.duplicate',
      'contact.phone.format',
    ]);
  });

  it('with rules that fail on records', async ({ onTestFinished }) => {
    const rule = recordRules.contact.find(({ id }) => id === 'contact.name.case');
    const check = vi.spyOn(Object(rule), 'check').mockImplementation(() => {
      throw new Error('This rule is broken.');
    });
    onTestFinished(() => check.mockRestore());
    const first = await bed.audit(workspaceId);

    const { rules } = await test(off('contact.name.case'));

    await configure(off('contact.name.case'));
    expect(differences(rules)).toEqual(await differenceOf(first, await bed.audit(workspaceId)));
    expect(rules.map(({ ruleId }) => ruleId)).toEqual(['engine.rule-failed']);
  });

  it('where duplicates are looked for in a process of their own', async () => {
    const { backTest } = serviceOf(0);
    const first = await bed.audit(workspaceId);
    const change = threshold('contact.duplicate', 0.999);

    const { rules } = await backTest({ workspaceId, ...change });

    await configure(change);
    expect(differences(rules)).toEqual(await differenceOf(first, await bed.audit(workspaceId)));
  });
});

it('says who would be judged otherwise, of each kind', async () => {
  await configure(off('contact.name.case'));
  await bed.audit(workspaceId);

  const { examples } = await test({
    rules: [
      { ruleId: 'contact.name.case', enabled: true },
      { ruleId: 'contact.text.whitespace', enabled: false },
      { ruleId: 'device.mac.format', severity: 'ERROR' },
    ],
  });

  expect(examples).toMatchObject([
    { kind: 'ADDED', ruleId: 'contact.name.case', currentValue: 'ROSSI', severityBefore: null },
    {
      kind: 'CHANGED',
      ruleId: 'device.mac.format',
      severityBefore: 'INFO',
      severityAfter: 'ERROR',
    },
    {
      kind: 'CHANGED',
      ruleId: 'device.mac.format',
      severityBefore: 'INFO',
      severityAfter: 'ERROR',
    },
    { kind: 'REMOVED', ruleId: 'contact.text.whitespace', severityAfter: null },
  ]);
});

it('tells ten of each kind at the most, and counts entities that were changed since', async () => {
  await bed.audit(workspaceId);
  for (let index = 0; index < 12; index += 1) {
    await testbed.createEntity(workspaceId, 'contact', { familyName: `MEIER ${index}` });
  }
  expect((await test({})).changedEntityCount).toBe(12);
  await bed.audit(workspaceId);

  const { rules, examples } = await test(off('contact.name.case'));

  expect(rules).toMatchObject([{ removed: 13, after: 0 }]);
  expect(examples).toHaveLength(10);
});

it('changes nothing, and neither waits for reviewers nor keeps them waiting', async () => {
  const batchId = await bed.audit(workspaceId);
  const state = async () =>
    (
      await testbed.runtime.pool.query(
        `SELECT (SELECT jsonb_agg(f ORDER BY row_index, ordinal) FROM finding f WHERE batch_id = $1) AS findings,
                (SELECT jsonb_agg(s) FROM rule_setting s WHERE workspace_id = $2) AS settings,
                (SELECT jsonb_agg(c) FROM configuration_change c WHERE workspace_id = $2) AS changes,
                (SELECT jsonb_agg(m ORDER BY entity_type) FROM match_model m WHERE workspace_id = $2) AS models,
                (SELECT jsonb_agg(b) FROM staged_batch b WHERE workspace_id = $2) AS batches`,
        [batchId, workspaceId],
      )
    ).rows[0];
  const before = await state();
  const reviewer = await testbed.runtime.pool.connect();
  try {
    await reviewer.query('BEGIN');
    await reviewer.query('SELECT FROM workspace WHERE id = $1 FOR UPDATE', [workspaceId]);
    await reviewer.query('SELECT FROM staged_batch WHERE id = $1 FOR UPDATE', [batchId]);
    await reviewer.query('SELECT FROM finding WHERE batch_id = $1 FOR UPDATE', [batchId]);
    await test({ defaultCountry: 'DE', ...threshold('contact.duplicate', 0.9) });
  } finally {
    await reviewer.query('ROLLBACK');
    reviewer.release();
  }
  expect(await state()).toEqual(before);
});

it('takes the last full audit that still has its findings', async () => {
  const first = await bed.audit(workspaceId);
  const second = await bed.audit(workspaceId);
  const { pool } = testbed.runtime;
  await pool.query(`UPDATE staged_batch SET mode = 'INCREMENTAL' WHERE id = $1`, [second]);
  expect((await test({})).batchId).toBe(first);
  await pool.query('UPDATE staged_batch SET thinned_at = now() WHERE id = $1', [first]);
  await expect(test({})).rejects.toMatchObject({
    code: 'CONFLICT',
    message:
      'There is no full audit of this workspace to compare with. Run one, and test the change then.',
  });
});

it('stops when nobody waits any more', async () => {
  await bed.audit(workspaceId);
  const gone = testbed.runtime.backTest.backTest(
    { workspaceId, defaultCountry: null },
    AbortSignal.abort(),
  );
  await expect(gone).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

it('ends the process that looks for duplicates when nobody waits any more', async ({
  onTestFinished,
}) => {
  await bed.audit(workspaceId);
  const others = await testbed.runtime.pool.connect();
  onTestFinished(() => others.release(true));
  await others.query('BEGIN; LOCK TABLE not_duplicate IN ACCESS EXCLUSIVE MODE');
  const gone = new AbortController();
  const { backTest } = serviceOf(0);
  const change = threshold('contact.duplicate', 0.9);
  const ended = expect(backTest({ workspaceId, ...change }, gone.signal)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  await waitFor('the search for duplicates to wait', async () => {
    const { rowCount } = await testbed.runtime.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database()
         AND application_name LIKE 'identity matching %' AND wait_event_type = 'Lock'`,
    );
    return rowCount === 1 ? true : undefined;
  });

  gone.abort();

  await ended;
});

it('is one at a time in a workspace', async () => {
  await bed.audit(workspaceId);
  const outcomes = await Promise.allSettled([
    test({ defaultCountry: 'DE' }),
    test({ defaultCountry: 'DE' }),
  ]);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'CONFLICT' } }]);
});

it('refuses what configuring refuses', async () => {
  await bed.audit(workspaceId);
  await expect(test(off('contact.nothing'))).rejects.toMatchObject({
    details: { field: 'input.rules.0.ruleId' },
  });
});
