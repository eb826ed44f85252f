import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const MATCHES = [
  {
    ...{ entityId: 'id-3', probability: 0.9876, weight: 6.3, prior: -10 },
    contributions: [{ field: 'phone', level: 'same number', weight: 16.3 }],
  },
];

const HISTORY = {
  ...{ state: 'REGRESSED', firstSeenAt: '2027-01-02T03:04:05Z' },
  lastSeenAt: '2027-02-03T03:04:05Z',
};

let gateway: StandInGateway;
beforeAll(async () => {
  const node = {
    entityType: 'DEVICE',
    entityId: 'id-1',
    externalId: 'D-1',
    ruleId: 'device.duplicate',
    severity: 'WARNING',
    field: 'serialNumber',
    message: 'Three other devices have the same serial number.',
    currentValue: 'A 1',
    suggestedValue: null,
    suggestionCertainty: null,
    relatedEntityIds: ['id-2', 'id-3', 'id-4'],
    relatedEntities: [{ externalId: 'D 2, "old"' }, null, { externalId: null }],
    matches: MATCHES,
    ...HISTORY,
  };
  const findings = { edges: [{ node }], pageInfo: { endCursor: null, hasNextPage: false } };
  gateway = await startStandInGateway({ Findings: { stagedBatch: { findings } } });
});
afterAll(() => gateway.stop());

it('come with the numbers of their matches in NDJSON and CSV', async () => {
  const [row] = parse<Record<string, string>>(await print('csv'), { columns: true });

  expect(JSON.parse(row?.matches ?? '')).toEqual(MATCHES);
  expect(JSON.parse(await print('ndjson'))).toMatchObject({ matches: MATCHES });
});

it('come with what the ledger knows of them', async () => {
  const [row] = parse<Record<string, string>>(await print('csv'), { columns: true });

  expect(row).toMatchObject(HISTORY);
  expect(JSON.parse(await print('ndjson'))).toMatchObject(HISTORY);
  expect(await print('table')).toMatch(/REGRESSED[ │]+2027-01-02[ │]+2027-02-03/);
});

it('can be narrowed to what is new', async () => {
  await gateway.cli('findings', '--batch', 'batch-1', '--state', 'NEW');

  expect(gateway.asked.at(-1)?.variables).toMatchObject({ filter: { state: 'NEW' } });
});

const IDS = ['id-2', 'id-3', 'id-4'];
const EXTERNAL_IDS = ['D 2, "old"', null, null];
const print = async (format: string) =>
  (await gateway.cli('findings', '--batch', 'batch-1', '--format', format)).stdout;

it('are lists of the same order in NDJSON', async () => {
  expect(JSON.parse(await print('ndjson'))).toMatchObject({
    relatedEntityIds: IDS,
    relatedExternalIds: EXTERNAL_IDS,
  });
});

it('are cells of JSON in CSV, whatever an external id looks like', async () => {
  const [row] = parse<Record<string, string>>(await print('csv'), { columns: true });

  expect(JSON.parse(row?.relatedEntityIds ?? '')).toEqual(IDS);
  expect(JSON.parse(row?.relatedExternalIds ?? '')).toEqual(EXTERNAL_IDS);
});

it('are named by what they are known by in a table, with their probability', async () => {
  expect(await print('table')).toContain('D 2, "old", id-3 (98 %), id-4');
});
