import { Readable } from 'node:stream';
import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AskedReading } from '../../../../../src/domains/identity/services/imports/planImport.ts';
import { decideRecords } from '../../../../../src/domains/identity/services/review/decideRecords.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { importInput } from '../../support/importInput.ts';

let testbed: IdentityTestbed;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('actor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
});
afterAll(() => testbed.close());

/** As this product gives them out. */
const OWN_ID = '01a20d8d-6b49-70e5-a5ac-8d384ddcdf19';

interface Given extends Partial<AskedReading> {
  readonly profile?: string;
  readonly mapping?: string | null;
  readonly saveMapping?: string | null;
}

function inputOf(
  file: Readable | string,
  { profile = 'contactImport', mapping = null, saveMapping = null, ...asked }: Given = {},
) {
  return importInput({
    ...{ workspaceId, createdBy: actorId, file, profile, mapping, saveMapping, asked },
  });
}

const importFile = (file: string, given?: Given) =>
  testbed.runtime.imports.importFile(inputOf(file, given));
const previewFile = (file: Readable | string, given?: Given) =>
  testbed.runtime.imports.previewFile(inputOf(file, given));

async function promoted(batchId: string): Promise<void> {
  const { pool, promotion } = testbed.runtime;
  await testbed.untilResting(batchId);
  await decideRecords(pool, {
    ...{ batchId, decision: 'ACCEPTED', actorId, comment: null, selection: { filter: {} } },
  });
  await promotion.promoteStagedBatch({ batchId, actorId });
  await testbed.untilResting(batchId);
}

const refusal = (field: string, message: string) =>
  expect.objectContaining({
    ...{ code: 'BAD_USER_INPUT', details: { field } },
    message: expect.stringContaining(message),
  });

describe('a file in the formats of its country', () => {
  it('is read, reviewed and promoted by them, and brings its entities up to date', async () => {
    const header = 'Kundennummer;Vorname;Nachname;Geburtsdatum;E-Mail';
    const first = await importFile(`${header}\nK-1;Ada;Meier;31.12.1980;ada@example.org\n`);
    await promoted(first.batchId);
    const second = await importFile(`${header}\nK-1;Ada;Meier;3.4.1981;ada@example.org\n`, {
      dateOrder: 'DMY',
    });
    await promoted(second.batchId);

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT to_char(birth_date, 'YYYY-MM-DD') AS "birthDate", version FROM third_party
      WHERE workspace_id = ${workspaceId}`);
    expect(first.dateOrder).toEqual({ value: 'DMY', reason: 'VALUES', example: '31.12.1980' });
    expect(rows).toEqual([{ birthDate: '1981-04-03', version: 2 }]);
  });

  it('has them told by its last row too, which may lack a line end', async () => {
    const { dateOrder } = await importFile('familyName,birthDate\nRoth,3/4/1985\nLang,25/12/1990');

    expect(dateOrder).toEqual({ value: 'DMY', reason: 'VALUES', example: '25/12/1990' });
  });

  it.each([
    ['NDJSON', '{"name":"A"}\n'],
    ['an export', `id,name,latitude\n${OWN_ID},A,\n`],
  ])('is taken to have decimal points where it is %s, and nothing tells', async (_what, file) => {
    workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'DE' });

    const { decimalSeparator } = await importFile(file, { profile: 'siteImport' });

    expect(decimalSeparator).toEqual({ value: '.', reason: 'DEFAULT', example: null });
  });

  it('keeps with its batch how it was read', async () => {
    const { batchId } = await importFile('name;lat;lng;Notiz\nDepot;47,3769;8,5417;x\n', {
      ...{ profile: 'siteImport', set: new Map([['country', 'CH']]), blankErases: true },
    });

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT import_options AS options, raw_data AS "rawData"
      FROM staged_batch JOIN staged_record ON batch_id = id WHERE id = ${batchId}`);
    expect(rows).toEqual([
      {
        options: {
          fileName: 'file.csv',
          format: { kind: 'CSV', compression: null, encoding: 'UTF-8', delimiter: ';' },
          columns: [
            { column: 'name', field: 'name' },
            { column: 'lat', field: 'latitude' },
            { column: 'lng', field: 'longitude' },
            { column: 'Notiz', field: null },
          ],
          constants: { country: 'CH' },
          ...{ dateOrder: 'MDY', decimalSeparator: ',', blankErases: true },
        },
        rawData: {
          ...{ line: 2, name: 'Depot', latitude: '47,3769', longitude: '8,5417', country: 'CH' },
          unmapped: { Notiz: 'x' },
        },
      },
    ]);
  });

  it('has rows that can not be read by them, which say what was expected', async () => {
    const { batchId } = await importFile('familyName,birthDate\nMeier,12/31/1980\nRoth,soon\n');
    await testbed.untilResting(batchId);

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT row_index AS row, status, reason FROM staged_record_state WHERE batch_id = ${batchId}`);
    expect(rows).toEqual([
      { row: 1, status: 'INVALID', reason: expect.stringContaining('MM/DD/YYYY') },
    ]);
    expect(rows[0].reason).toContain('got "soon"');
  });

  it('may bring rows of other types, which say so', async () => {
    const { batchId } = await importFile(
      'entityType,name,Seriennummer\nsite,Depot,\nDevice,,SN-1\nplane,x,y\n',
      { profile: 'siteImport' },
    );

    const { rows } = await testbed.runtime.pool.query(sql`
      SELECT entity_type AS type, raw_data->>'unreadable' AS problem FROM staged_record
      WHERE batch_id = ${batchId} ORDER BY row_index`);
    expect(rows).toEqual([
      { type: 'site', problem: null },
      { type: 'device', problem: null },
      { type: 'site', problem: expect.stringContaining('contact, site, device, got "plane"') },
    ]);
  });
});

describe('a row of nothing but delimiters', () => {
  it('is kept as one that can not be read, and becomes no entity', async () => {
    const { batchId, recordCount } = await importFile('familyName,Notiz\nMeier,\n, \n,x\n', {
      set: new Map([['country', 'CH']]),
    });
    await promoted(batchId);

    const { pool } = testbed.runtime;
    const { rows } = await pool.query(sql`
      SELECT row_index AS row, status, reason, raw_data AS "rawData"
      FROM staged_record_state JOIN staged_record USING (batch_id, row_index)
      WHERE batch_id = ${batchId} AND status = 'INVALID' ORDER BY row_index`);
    const { rows: contacts } = await pool.query(sql`
      SELECT family_name FROM third_party WHERE workspace_id = ${workspaceId}`);
    expect(recordCount).toBe(3);
    expect(rows).toMatchObject([
      { row: 1, reason: 'Line 3 has nothing in the columns that fill a field.' },
      { row: 2, rawData: { line: 4, unmapped: { Notiz: 'x' } } },
    ]);
    expect(contacts).toEqual([{ family_name: 'Meier' }]);
  });
});

describe('a column "Record Type"', () => {
  it('of a CRM says nothing of what kind of entity its rows are', async () => {
    const { unmappedColumns, rows } = await previewFile(
      'Last Name,Record Type\nMeier,Customer\nRoth,Partner\n',
    );

    expect(unmappedColumns).toEqual(['Record Type']);
    expect(rows).toMatchObject([{ match: 'NEW' }, { match: 'NEW' }]);
  });
});

describe('a column "ID"', () => {
  it('has the external ids of another system also where they are random UUIDs', async () => {
    const file = (id: string) => `{"id":"${id}","last_name":"Meier"}\n`;
    const own = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Roth' });

    const foreign = await previewFile(file(crypto.randomUUID()));
    const ours = await previewFile(file(own));

    expect(foreign.mapping.id).toBe('externalId');
    expect(foreign.rows).toMatchObject([{ match: 'NEW' }]);
    expect(ours.mapping.id).toBe('id');
    expect(ours.rows).toMatchObject([{ match: 'UPDATE', entityId: own }]);
  });
});

describe('a file of nothing but a header', () => {
  it.each([importFile, previewFile])('is refused', async (read) => {
    await expect(read('familyName\n')).rejects.toThrow(refusal('file', 'no rows'));
  });
});

describe('a saved mapping', () => {
  it('reads the next file of its source alike', async () => {
    await importFile('Depot,No,Road,Since\nA,1,Main St,x\n', {
      ...{ profile: 'siteImport', saveMapping: 'Depots', set: new Map([['country', 'CH']]) },
      map: [
        { column: 'Depot', field: 'name' },
        { column: 'Road', field: 'addressLine1' },
        { column: 'No', field: 'addressLine1' },
      ],
      decimalSeparator: ',',
    });

    const next = await previewFile('Road,No,DEPOT,phone\nSide St,2,B,\n', {
      profile: 'siteImport',
      mapping: 'Depots',
    });

    expect(next.rows[0]?.values).toEqual({ name: 'B', addressLine1: 'Side St 2', country: 'CH' });
    expect(next.columns[2]).toMatchObject({ field: 'name', reason: 'SAVED' });
    expect(next.missingColumns).toEqual(['Since']);
    expect(next.decimalSeparator).toMatchObject({ value: ',', reason: 'SAVED' });
  });

  it('gives way to what is asked for, also where a column is to fill what it sets', async () => {
    await importFile('name,Land\nA,CH\n', {
      ...{ profile: 'siteImport', saveMapping: 'Swiss', set: new Map([['country', 'CH']]) },
    });

    const { rows } = await previewFile('name,Land\nB,AT\n', {
      ...{ profile: 'siteImport', mapping: 'Swiss', map: [{ column: 'Land', field: 'country' }] },
    });

    expect(rows[0]?.values).toEqual({ name: 'B', country: 'AT' });
  });

  it('is replaced by a later one of its name, of its workspace and profile alone', async () => {
    const save = (column: string) =>
      importFile(`name,${column}\nA,1\n`, {
        ...{ profile: 'siteImport', saveMapping: 'S', map: [{ column, field: 'phone' }] },
      });
    await save('a');
    await save('b');

    const { columns } = await previewFile('name,a,b\nA,1,2\n', {
      ...{ profile: 'siteImport', mapping: 'S' },
    });
    expect(columns.map(({ field }) => field)).toEqual(['name', null, 'phone']);
    await expect(previewFile('name\nA\n', { mapping: 'S' })).rejects.toThrow(
      refusal('mapping', 'No mapping "S" is saved for contactImport'),
    );
  });

  it('is refused for a file that has none of its columns', async () => {
    await importFile('Depot\nA\n', {
      ...{ profile: 'siteImport', saveMapping: 'S', map: [{ column: 'Depot', field: 'name' }] },
    });
    await expect(previewFile('name\nA\n', { profile: 'siteImport', mapping: 'S' })).rejects.toThrow(
      refusal('mapping', '"Depot". Is it from another source?'),
    );
  });
});

describe('a dry run', () => {
  async function untilNothingIsUnderWay(): Promise<void> {
    const { rows } = await testbed.runtime.pool.query<{ id: string }>(
      'SELECT id FROM staged_batch',
    );
    for (const { id } of rows) await testbed.untilResting(id);
  }

  async function rowCounts(): Promise<unknown> {
    const { pool } = testbed.runtime;
    const { rows: tables } = await pool.query<{ name: string }>(sql`
      SELECT quote_ident(table_name) AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`);
    const counts = tables.map(async ({ name }) => {
      const { rows } = await pool.query(sql`
        SELECT ${name} AS name, count(*), max(xmin::text::bigint) AS newest FROM ${raw(name)}`);
      return rows[0];
    });
    return Promise.all(counts);
  }

  it('says what would become of the first rows, and changes no row of any table', async () => {
    await testbed.createEntity(workspaceId, 'contact', { familyName: 'Roth', externalId: 'K-2' });
    await testbed.createEntity(workspaceId, 'contact', {
      familyName: 'Lang',
      email: 'l@example.org',
    });
    await untilNothingIsUnderWay();
    const before = await rowCounts();

    const preview = await previewFile(
      'Kundennummer;Nachname;E-Mail;Geburtsdatum;Fax\nK-1;Meier;ada@gmial.com;31.12.1980;1\nK-2;Rot;;;\nK-3;Frei;;gestern;\n;Lang;L@example.org;;\n',
    );

    expect(await rowCounts()).toEqual(before);
    expect(preview).toMatchObject({
      dryRun: true,
      format: { kind: 'CSV', delimiter: ';' },
      unmappedColumns: ['Fax'],
      sampledRows: 4,
      matches: [
        { match: 'NEW', count: 1 },
        { match: 'UPDATE', count: 2 },
      ],
      records: expect.arrayContaining([{ status: 'INVALID', count: 1 }]),
      findings: expect.arrayContaining([
        { ruleId: 'contact.email.domain-typo', severity: 'WARNING', count: 1 },
      ]),
    });
    expect(preview.rows).toMatchObject([
      {
        values: { externalId: 'K-1', familyName: 'Meier', birthDate: '1980-12-31' },
        rawData: { line: 2, birthDate: '31.12.1980', unmapped: { Fax: '1' } },
        problem: null,
        findings: [{ field: 'email', suggestedValue: 'ada@gmail.com' }],
        match: 'NEW',
      },
      { values: { familyName: 'Rot' }, match: 'UPDATE' },
      { values: null, problem: expect.stringContaining('got "gestern"') },
      { values: { familyName: 'Lang' }, match: 'UPDATE' },
    ]);
  });

  it('tells what rows of several types are to production', async () => {
    await testbed.createEntity(workspaceId, 'site', { name: 'Depot', externalId: 'S-1' });

    const preview = await previewFile(
      'entityType,externalId,name,familyName,serialNumber,siteExternalId\nsite,S-1,Depot,,,\ncontact,C-1,,Roth,,\ndevice,D-1,,,SN-1,S-1\n',
      { profile: 'deviceImport' },
    );

    expect(preview.rows).toMatchObject([
      { entityType: 'site', match: 'UNCHANGED' },
      { entityType: 'contact', match: 'NEW' },
      { entityType: 'device', match: 'NEW' },
    ]);
  });

  it('shows the only row of a file that has no line end', async () => {
    const preview = await previewFile('familyName\nRoth');
    expect(preview.rows).toMatchObject([{ values: { familyName: 'Roth' }, match: 'NEW' }]);
  });

  it('reads on to the first row, however long it is', async () => {
    const note = 'x'.repeat(400_000);
    async function* pieces() {
      yield Buffer.from('familyName,birthDate,note\n');
      yield Buffer.from(`Meier,31.12.1980,"${note}`);
      yield Buffer.from(`\n"\nRoth,,\n`);
    }
    const preview = await previewFile(Readable.from(pieces()));
    expect(preview.rows[0]).toMatchObject({ values: { birthDate: '1980-12-31' }, match: 'NEW' });
  });

  it('shows twenty rows, and counts over more', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => `Meier ${index}`).join('\n');
    const preview = await previewFile(`familyName\n${rows}\n`);
    expect(preview.rows).toHaveLength(20);
    expect(preview.sampledRows).toBe(100);
  });

  it('does not wait for the rest of the file', async () => {
    async function* endless() {
      yield Buffer.from('familyName\n');
      for (;;) yield Buffer.from('Meier\n'.repeat(10_000));
    }
    const file = Readable.from(endless());
    const preview = await previewFile(file);
    expect(preview.sampledRows).toBe(1_000);
    expect(file.destroyed).toBe(false);
    file.destroy();
  });

  it('saves no mapping', async () => {
    await expect(previewFile('familyName\nMeier\n', { saveMapping: 'S' })).rejects.toThrow(
      refusal('saveMapping', 'writes nothing'),
    );
  });
});
