import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataAudit } from '../../../../src/domains/identity/profiles/dataAudit.ts';
import type {
  ContactFields,
  DeviceFields,
  SiteFields,
} from '../../../../src/domains/identity/rules/entities.ts';
import { inTransaction } from '../../../../src/platform/postgres/pool.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../support/identityTestbed.ts';

let testbed: IdentityTestbed;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
});
afterAll(() => testbed.close());

const address = {
  streetNumber: '1',
  addressLine1: 'Main St',
  addressLine2: 'Floor\t2\\3',
  locality: 'Chicago',
  region: 'IL',
  postalCode: '60607',
  country: 'US',
};
const contact: ContactFields = {
  kind: 'ORGANISATION',
  givenName: 'Ada',
  familyName: 'Meier\nMüller',
  organisationName: 'Acme',
  email: 'ada@example.com',
  phone: '+13125550142',
  ...address,
  birthDate: '1980-12-31',
  externalId: 'C-1',
};

it('reads every field of an entity as it is, whatever the server’s date style', async () => {
  const workspaceId = await testbed.createWorkspace();
  const ownerId = await testbed.createEntity(workspaceId, 'contact', contact);
  const site: SiteFields = {
    name: 'Depot',
    phone: '+13125550143',
    email: 'depot@example.com',
    ...address,
    latitude: 41.8781,
    longitude: -87.6298,
    timeZone: 'America/Chicago',
    ownerId,
    externalId: 'S-1',
  };
  const siteId = await testbed.createEntity(workspaceId, 'site', site);
  const device: DeviceFields = {
    siteId,
    serialNumber: 'SN-1',
    manufacturer: 'Acme',
    model: 'M',
    category: 'sensor',
    macAddress: '00:1B:44:11:3A:B7',
    firmware: '1.0',
    installedOn: '2024-02-29',
    warrantyEndsOn: '2026-02-28',
    status: 'RETIRED',
    externalId: 'D-1',
  };
  await testbed.createEntity(workspaceId, 'device', device);
  await testbed.createEntity(workspaceId, 'device', { manufacturer: null, model: null });
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: await testbed.createUser('editor'),
  });

  const range = { batchId: batch.id, workspaceId, firstRow: 0, endRow: 4 };
  const pages = await inTransaction(testbed.runtime.pool, async (client) => {
    await client.query(`SET LOCAL datestyle = 'German'`);
    return Array.fromAsync(dataAudit.loadRange(client, range));
  });

  const absent = Object.fromEntries(Object.keys(device).map((field) => [field, null]));
  expect(pages.flatMap(({ records }) => [...records].map(({ entity }) => entity))).toEqual([
    contact,
    site,
    device,
    { ...absent, status: 'ACTIVE' },
  ]);
});
