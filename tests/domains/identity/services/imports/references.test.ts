import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed, type ImportBed } from '../promotion/importBed.ts';

let testbed: IdentityTestbed;
let bed: ImportBed;
let workspaceId: string;
let actorId: string;
let reviewerId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('promoter');
  reviewerId = await testbed.createUser('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  bed = createImportBed(testbed, { workspaceId, actorId, reviewerId });
});
afterAll(() => testbed.close());

const device = (serialNumber: string, fields: object = {}) => ({
  ...{ serialNumber, manufacturer: 'Brightmere', model: 'G2', externalId: serialNumber },
  ...fields,
});
const site = (externalId: string, name: string, fields: object = {}) => ({
  ...{ externalId, name, addressLine1: '1 North Ogden Avenue', locality: 'Chicago' },
  ...fields,
});

type Raw = StagedRow['rawData'];
const importDevices = (...rows: Raw[]) => bed.importRows(rows, { entityType: 'device' });
const importSites = (...rows: Raw[]) => bed.importRows(rows, { entityType: 'site' });

async function importMixed(...rows: StagedRow[]): Promise<string> {
  const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
    ...{ workspaceId, createdBy: actorId, title: 'All', sourceType: 'API_IMPORT' },
    ...{ profile: 'deviceImport', autoPromote: false, rows },
  });
  await testbed.untilResting(batch.id);
  return batch.id;
}

async function referenceFindings(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT row_index AS "rowIndex", rule_id AS "ruleId", severity, message,
           current_value AS "currentValue", applied
    FROM finding WHERE batch_id = ${batchId}
      AND (rule_id LIKE '%.unresolved' OR rule_id LIKE '%.awaited' OR rule_id LIKE '%.missing')
    ORDER BY row_index`);
  return rows;
}

/** The external ids of the sites of devices, by their own. */
async function sitesOfDevices(): Promise<Record<string, string | null>> {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT d.external_id AS device, s.external_id AS site
    FROM customer_device d LEFT JOIN customer_site s ON s.id = d.site_id
    WHERE d.workspace_id = ${workspaceId} AND d.state = 'ACTIVE' ORDER BY 1`);
  return Object.fromEntries(rows.map(({ device: name, site: of }) => [name, of]));
}

async function acceptAndPromote(batchId: string, rowIndexes?: number[]) {
  await bed.decide(batchId, 'ACCEPTED', rowIndexes);
  await bed.promote(batchId);
  return bed.lastCounts(batchId);
}

describe('a device’s site', () => {
  it('is found by id, external id, or name, whose case and spaces don’t count', async () => {
    const siteId = await testbed.createEntity(workspaceId, 'site', {
      ...{ name: 'Ogden  Centre', externalId: 'S-1' },
    });

    const batchId = await importDevices(
      device('D-1', { siteId }),
      device('D-2', { siteExternalId: ' S-1 ' }),
      device('D-3', { siteName: 'OGDEN CENTRE' }),
    );

    expect(await referenceFindings(batchId)).toEqual([]);
    expect(await acceptAndPromote(batchId)).toMatchObject({ applied: 3, waiting: 0 });
    expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1', 'D-2': 'S-1', 'D-3': 'S-1' });
  });

  it('is an error where nobody has it, and where several do, archived ones aside', async () => {
    await testbed.createEntity(workspaceId, 'site', { name: 'Twin', externalId: 'S-1' });
    await testbed.createEntity(workspaceId, 'site', { name: 'Twin', externalId: 'S-2' });
    await testbed.createEntity(workspaceId, 'site', { externalId: 'S-3', state: 'ARCHIVED' });

    const batchId = await importDevices(
      device('D-1', { siteExternalId: 'S-9' }),
      device('D-2', { siteName: 'Twin' }),
      device('D-3', { siteExternalId: 'S-3' }),
    );

    const error = { ruleId: 'device.site.unresolved', severity: 'ERROR', applied: false };
    expect(await referenceFindings(batchId)).toEqual([
      {
        ...error,
        rowIndex: 0,
        currentValue: 'S-9',
        message: 'No active site has the external id "S-9".',
      },
      { ...error, rowIndex: 1, currentValue: 'Twin', message: '2 active sites have this name.' },
      {
        ...error,
        rowIndex: 2,
        currentValue: 'S-3',
        message: 'No active site has the external id "S-3".',
      },
    ]);
  });

  it('is never one of another workspace', async () => {
    const other = await testbed.createWorkspace();
    const siteId = await testbed.createEntity(other, 'site', { name: 'Ogden', externalId: 'S-1' });

    const batchId = await importDevices(
      device('D-1', { siteId }),
      device('D-2', { siteExternalId: 'S-1' }),
    );

    expect(await referenceFindings(batchId)).toMatchObject([
      { message: `No active site has the id ${siteId}.` },
      { message: 'No active site has the external id "S-1".' },
    ]);
  });

  it('is taken by name only where the site has no other external id than the row says', async () => {
    await testbed.createEntity(workspaceId, 'site', { name: 'Ogden', externalId: 'S-1' });
    await testbed.createEntity(workspaceId, 'site', { name: 'Pulaski' });

    const batchId = await importDevices(
      device('D-1', { siteExternalId: 'S-9', siteName: 'Ogden' }),
      device('D-2', { siteExternalId: 'S-8', siteName: 'Pulaski' }),
    );

    expect(await referenceFindings(batchId)).toMatchObject([
      { rowIndex: 0, ruleId: 'device.site.unresolved' },
    ]);
  });

  it('can’t be read where an id is none', async () => {
    const batchId = await importDevices(device('D-1', { siteId: 'S-1', siteExternalId: 'S-1' }));

    expect(await bed.statuses(batchId)).toMatchObject([{ status: 'INVALID' }]);
  });
});

describe('a site’s owner', () => {
  it('is found by external id, e-mail address or name', async () => {
    const ada = await testbed.createEntity(workspaceId, 'contact', {
      ...{ givenName: 'Ada', familyName: 'Lovelace', email: 'Ada@Example.com', externalId: 'C-1' },
    });

    const batchId = await importSites(
      site('S-1', 'One', { ownerExternalId: 'C-1' }),
      site('S-2', 'Two', { ownerEmail: 'ada@example.com' }),
      site('S-3', 'Three', { ownerName: 'ada lovelace' }),
      site('S-4', 'Four', { ownerEmail: 'nobody@example.com' }),
    );

    expect(await referenceFindings(batchId)).toMatchObject([
      {
        rowIndex: 3,
        ruleId: 'site.owner.unresolved',
        message: 'No active contact has this e-mail address.',
      },
    ]);
    expect(await acceptAndPromote(batchId)).toMatchObject({ applied: 3, waiting: 1 });
    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT owner_id AS "ownerId" FROM customer_site WHERE workspace_id = ${workspaceId}`);
    expect(rows).toEqual([{ ownerId: ada }, { ownerId: ada }, { ownerId: ada }]);
  });
});

describe('what comes with records under review', () => {
  const mixed = () =>
    importMixed(
      { entityType: 'device', rawData: device('D-1', { siteExternalId: 'S-1' }) },
      { entityType: 'site', rawData: site('S-1', 'Ogden', { ownerEmail: 'ada@example.com' }) },
      { entityType: 'contact', rawData: { familyName: 'Ada', email: 'ada@example.com' } },
    );

  it('is linked when a whole file of contacts, sites and devices is promoted, in any order', async () => {
    const batchId = await mixed();

    expect(await referenceFindings(batchId)).toMatchObject([
      {
        ...{ rowIndex: 0, ruleId: 'device.site.awaited', severity: 'INFO' },
        message:
          'No active site has the external id "S-1" yet. Record 1 of this batch brings it: it is linked when that is promoted.',
      },
      { rowIndex: 1, ruleId: 'site.owner.awaited' },
    ]);
    expect(await acceptAndPromote(batchId)).toMatchObject({ applied: 3, created: 3, waiting: 0 });
    expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1' });
    expect(await referenceFindings(batchId)).toMatchObject([{ applied: true }, { applied: true }]);
    expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'COMPLETED' });
  });

  it('is none where it has the name, but another external id', async () => {
    const batchId = await importMixed(
      {
        entityType: 'device',
        rawData: device('D-1', { siteExternalId: 'S-404', siteName: 'Depot' }),
      },
      { entityType: 'device', rawData: device('D-2', { siteName: 'Depot' }) },
      { entityType: 'site', rawData: site('S-1', 'Depot') },
    );

    expect(await referenceFindings(batchId)).toMatchObject([
      { rowIndex: 0, ruleId: 'device.site.unresolved', severity: 'ERROR' },
      { rowIndex: 1, ruleId: 'device.site.awaited' },
    ]);
  });

  it('is known by the name of a person where the name of an organisation is blank', async () => {
    const batchId = await importMixed(
      {
        entityType: 'contact',
        rawData: { givenName: 'Ada', familyName: 'Byron', organisationName: '' },
      },
      { entityType: 'site', rawData: site('S-1', 'Ogden', { ownerName: 'Ada Byron' }) },
    );

    expect(await referenceFindings(batchId)).toMatchObject([
      { rowIndex: 1, ruleId: 'site.owner.awaited' },
    ]);
  });

  it('is linked too where each record is promoted on its own, whichever comes first', async () => {
    const batchId = await mixed();
    await bed.decide(batchId, 'ACCEPTED');

    await testbed.runtime.promotion.promoteStagedBatch({
      ...{ batchId, actorId, rowIndexes: [0, 1, 2] },
    });
    await testbed.untilResting(batchId);

    expect(await bed.lastCounts(batchId)).toMatchObject({ applied: 3, waiting: 0 });
    expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1' });
  });

  it('is undone with it, and kept where something else refers to it', async () => {
    const batchId = await mixed();
    await acceptAndPromote(batchId);

    await testbed.runtime.reversal.revertPromotion({ batchId, actorId });
    await testbed.untilResting(batchId);

    expect(await sitesOfDevices()).toEqual({});
    expect(await bed.lastCounts(batchId)).toMatchObject({ reversed: 3 });
    expect(await referenceFindings(batchId)).toMatchObject([
      { applied: false },
      { applied: false },
    ]);
  });

  it('keeps devices waiting until an earlier batch of sites is promoted, and links them then', async () => {
    const sites = await importSites(site('S-1', 'Ogden'));
    const devices = await importDevices(device('D-1', { siteExternalId: 'S-1' }), device('D-2'));
    expect((await referenceFindings(devices))[0]).toMatchObject({
      ...{ rowIndex: 0, ruleId: 'device.site.awaited', currentValue: 'S-1' },
      message:
        'No active site has the external id "S-1" yet. Record 0 of the batch "Import" brings it: it is linked when that is promoted.',
    });

    expect(await acceptAndPromote(devices)).toMatchObject({ applied: 1, waiting: 1 });
    expect((await bed.statuses(devices))[0]).toMatchObject({
      ...{ status: null, reason: expect.stringContaining('the external id "S-1"') },
    });
    expect(await testbed.untilResting(devices)).toMatchObject({ status: 'READY_FOR_REVIEW' });

    await acceptAndPromote(sites);
    await bed.promote(devices);

    expect(await bed.lastCounts(devices)).toMatchObject({ applied: 1, waiting: 0 });
    expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1', 'D-2': null });
    expect((await bed.statuses(devices))[0]).toEqual({ status: 'PROMOTED', reason: null });
  });

  it('is linked though it was an error when the row was looked at', async () => {
    const devices = await importDevices(device('D-1', { siteExternalId: 'S-1' }));
    expect(await acceptAndPromote(devices)).toMatchObject({ applied: 0, waiting: 1 });

    await acceptAndPromote(await importSites(site('S-1', 'Ogden')));
    await bed.promote(devices);

    expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1' });
  });

  it('does not come with a record that was rejected', async () => {
    await bed.decide(await importSites(site('S-1', 'Ogden')), 'REJECTED');

    const devices = await importDevices(device('D-1', { siteExternalId: 'S-1' }));

    expect(await referenceFindings(devices)).toMatchObject([{ ruleId: 'device.site.unresolved' }]);
  });
});

describe('what a reviewer says of a reference that nobody has', () => {
  async function decide(batchId: string, decision: 'ACCEPTED' | 'REJECTED', value: string | null) {
    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT ordinal FROM finding
      WHERE batch_id = ${batchId} AND rule_id = 'device.site.unresolved'`);
    await decideFindings(testbed.runtime.pool, {
      ...{ batchId, actorId: reviewerId, decision, comment: null, waiver: null },
      selection: { keys: [{ rowIndex: 0, ordinal: rows[0].ordinal, version: null, value }] },
    });
  }

  it('counts: rejected, the record is promoted without it', async () => {
    const batchId = await importDevices(device('D-1', { siteExternalId: 'S-9' }));
    await decide(batchId, 'REJECTED', null);

    expect(await acceptAndPromote(batchId)).toMatchObject({ applied: 1 });
    expect(await sitesOfDevices()).toEqual({ 'D-1': null });
  });

  it.each(['id', 'external id'])(
    'counts: with the %s of another, it refers to that',
    async (by) => {
      const siteId = await testbed.createEntity(workspaceId, 'site', {
        ...{ name: 'Ogden', externalId: 'S-1' },
      });
      const batchId = await importDevices(device('D-1', { siteExternalId: 'S-9' }));
      await decide(batchId, 'ACCEPTED', by === 'id' ? siteId : 'S-1');

      expect(await acceptAndPromote(batchId)).toMatchObject({ applied: 1 });
      expect(await sitesOfDevices()).toEqual({ 'D-1': 'S-1' });
    },
  );

  it('is refused where nobody has that either', async () => {
    const batchId = await importDevices(device('D-1', { siteExternalId: 'S-9' }));

    await expect(decide(batchId, 'ACCEPTED', 'S-8')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});

describe('a row that matches a device', () => {
  it('moves it to the site that it names, and changes nothing where it is there', async () => {
    const [one, two] = await Promise.all(
      ['S-1', 'S-2'].map((externalId) =>
        testbed.createEntity(workspaceId, 'site', { name: externalId, externalId }),
      ),
    );
    const fields = { manufacturer: 'Brightmere', model: 'G2', siteId: one ?? '' };
    await testbed.createEntity(workspaceId, 'device', {
      ...{ ...fields, serialNumber: 'BM-100', externalId: 'D-1' },
    });
    await testbed.createEntity(workspaceId, 'device', {
      ...{ ...fields, serialNumber: 'BM-200', externalId: 'D-2' },
    });

    const batchId = await importDevices(
      { externalId: 'D-1', siteExternalId: 'S-2' },
      { externalId: 'D-2', siteExternalId: 'S-1' },
      { externalId: 'D-2', siteExternalId: 'S-9' },
    );

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT match_kind AS kind FROM staged_record_state WHERE batch_id = ${batchId} ORDER BY row_index`);
    expect(rows).toEqual([{ kind: 'UPDATE' }, { kind: 'UNCHANGED' }, { kind: 'UPDATE' }]);
    await bed.decide(batchId, 'ACCEPTED', [0, 2]);
    await bed.promote(batchId);
    expect(await bed.changes(batchId)).toMatchObject([
      { kind: 'UPDATED', before: { siteId: one }, after: { siteId: two } },
    ]);
    expect(await bed.lastCounts(batchId)).toMatchObject({ applied: 1, waiting: 1 });
  });
});
