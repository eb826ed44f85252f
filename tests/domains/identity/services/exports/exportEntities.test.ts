import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FieldsByType } from '../../../../../src/domains/identity/rules/entities.ts';
import {
  type ExportInput,
  exportEntities,
} from '../../../../../src/domains/identity/services/exports/exportEntities.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createExportBed } from './exportBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createExportBed>;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  bed = createExportBed(testbed, await testbed.createUser('editor'));
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace();
});
afterAll(() => testbed.close());

const page = (input: Partial<ExportInput>) =>
  exportEntities(testbed.runtime.pool, {
    ...{ workspaceId, entityType: 'contact', format: 'CSV', after: null, first: 10, ...input },
  });

describe('an export', () => {
  it('has a column for each field, in the order of an entity', async () => {
    const ownerId = await testbed.createEntity(workspaceId, 'contact', { birthDate: '1815-12-10' });
    const id = await testbed.createEntity(workspaceId, 'site', {
      ...{ name: 'Depot', latitude: -33.9, longitude: 1e-7, ownerId },
    });

    expect((await page({ entityType: 'site' })).text).toBe(
      `${[
        'id,name,phone,email,streetNumber,addressLine1,addressLine2,locality,region,postalCode,country,latitude,longitude,timeZone,ownerId,externalId',
        `${id},Depot,,,,,,Chicago,,,,-33.9,1e-7,,${ownerId},`,
      ].join('\n')}\n`,
    );
    const [contact] = (await page({ format: 'NDJSON' })).text.split('\n');
    expect(JSON.parse(contact ?? '')).toMatchObject({ id: ownerId, birthDate: '1815-12-10' });
  });

  it('comes page by page, the header on the first, until there is no more', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await testbed.createEntity(workspaceId, 'contact', { familyName: `N ${index}` }));
    }
    const first = await page({ first: 3 });
    const last = await page({ first: 3, after: first.end });

    expect([first, last]).toMatchObject([
      { rowCount: 3, end: ids[2], hasNextPage: true },
      { rowCount: 2, end: ids[4], hasNextPage: false },
    ]);
    const rows = parse<{ id: string }>(first.text + last.text, { columns: true });
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('has what is active in the workspace alone, and without that its header', async () => {
    await testbed.createEntity(workspaceId, 'contact', { state: 'ARCHIVED' });
    await testbed.createEntity(await testbed.createWorkspace(), 'contact', {});

    expect(await page({})).toMatchObject({
      ...{ text: expect.stringMatching(/^id,kind,.*\n$/), rowCount: 0, end: null },
    });
    expect(await page({ format: 'NDJSON' })).toMatchObject({ text: '', hasNextPage: false });
  });

  it.each([0, 10_001])('refuses pages of %i rows', async (first) => {
    await expect(page({ first })).rejects.toThrow('between 1 and 10000');
  });

  it('says numbers as numbers, and has no formula in any other cell of CSV', async () => {
    await testbed.createEntity(workspaceId, 'site', {
      ...{ name: '=HYPERLINK("http://example.com")', phone: '+13125550142', latitude: -33.9 },
    });
    const [site] = parse<Record<string, string>>((await page({ entityType: 'site' })).text, {
      columns: true,
    });
    expect(site).toMatchObject({
      ...{ name: '\'=HYPERLINK("http://example.com")', phone: "'+13125550142", latitude: '-33.9' },
    });
    const { text } = await page({ entityType: 'site', format: 'NDJSON' });
    expect(JSON.parse(text)).toMatchObject({ phone: '+13125550142', latitude: -33.9 });
  });
});

/** As PostgreSQL keeps texts, which may contain anything but NUL. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.replaceAll('\0', '')),
  fc.string({
    unit: fc.constantFrom(...'\'"=+-@,;\t|\r\n \\ aé田😀'),
    maxLength: 12,
  }),
);
const optional = fc.option(text);
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const degrees = (limit: number) =>
  fc.option(fc.double({ min: -limit, max: limit, noNaN: true, noDefaultInfinity: true }));

const anyContact = fc.record<Partial<FieldsByType['contact']>>({
  kind: fc.constantFrom('PERSON', 'ORGANISATION'),
  ...{ givenName: optional, familyName: optional, organisationName: optional, email: optional },
  ...{ phone: optional, streetNumber: optional, addressLine1: optional, addressLine2: optional },
  ...{ locality: optional, region: optional, postalCode: optional, country: optional },
  ...{ birthDate: fc.option(day), externalId: optional },
});
const anySite = fc.record<Partial<FieldsByType['site']>>({
  ...{ name: optional, phone: optional, latitude: degrees(90), longitude: degrees(180) },
  ...{ timeZone: optional, addressLine1: optional, externalId: optional },
});
const anyDevice = fc.record<Partial<FieldsByType['device']>>({
  ...{ serialNumber: optional, model: optional, macAddress: optional, firmware: optional },
  ...{ installedOn: fc.option(day), externalId: optional },
  status: fc.constantFrom('PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED'),
});

describe('an export that is imported', () => {
  it.each([
    ['contact', 'CSV', anyContact],
    ['contact', 'NDJSON', anyContact],
    ['site', 'CSV', anySite],
    ['site', 'NDJSON', anySite],
    ['device', 'CSV', anyDevice],
    ['device', 'NDJSON', anyDevice],
  ] as const)('changes nothing, whatever there is of %ss, in %s', async (type, format, any) => {
    await fc.assert(
      fc.asyncProperty(fc.array<object>(any, { minLength: 1, maxLength: 25 }), async (entities) => {
        workspaceId = await testbed.createWorkspace();
        for (const entity of entities) await testbed.createEntity(workspaceId, type, entity);

        const file = await bed.exportAll(workspaceId, type, format);
        const rows = await bed.rowsOf(await bed.importText(workspaceId, type, file));

        expect(rows).toHaveLength(entities.length);
        expect(rows.filter(({ match }) => match !== 'UNCHANGED')).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  it('keeps devices at their sites, and sites with their owners', async () => {
    const ownerId = await testbed.createEntity(workspaceId, 'contact', {});
    const siteId = await testbed.createEntity(workspaceId, 'site', { ownerId });
    await testbed.createEntity(workspaceId, 'device', { siteId });

    for (const type of ['site', 'device'] as const) {
      const file = await bed.exportAll(workspaceId, type, 'CSV');
      const rows = await bed.rowsOf(await bed.importText(workspaceId, type, file));
      expect(rows).toMatchObject([{ match: 'UNCHANGED' }]);
    }
  });

  it('changes what people have changed, also where they left columns out', async () => {
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Byron', phone: '+1312' });
    const [row] = parse<Record<string, string>>(
      await bed.exportAll(workspaceId, 'contact', 'CSV'),
      {
        columns: true,
      },
    );
    const file = `phone,id,familyName\n${row?.phone},${row?.id},King\n`;

    const rows = await bed.rowsOf(await bed.importText(workspaceId, 'contact', file));

    expect(rows).toMatchObject([
      { match: 'UPDATE', rawData: { phone: '+1312', familyName: 'King' } },
    ]);
  });
});

it.each([
  ['other columns', `id,name,phone,note\n${crypto.randomUUID()},'=1+1,'+1312,\n`],
  ['ids of its own', "id,name,phone\n17,'=1+1,'+1312\n"],
  ['no ids', "name,phone\n'=1+1,'+1312\n"],
])('a file from elsewhere, with %s, keeps its apostrophes', async (_what, file) => {
  const [row] = await bed.rowsOf(await bed.importText(workspaceId, 'site', file));
  expect(row.rawData).toMatchObject({ name: "'=1+1", phone: "'+1312" });
});
