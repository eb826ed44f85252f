import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { exportRejected } from '../../../../../src/domains/identity/services/exports/exportRejected.ts';
import type { ExportFormat } from '../../../../../src/domains/identity/services/exports/exportText.ts';
import { toImportOptions } from '../../../../../src/domains/identity/services/imports/importOptions.ts';
import { readConfig } from '../../../../../src/platform/config.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed } from '../promotion/importBed.ts';
import { createExportBed, readAll } from './exportBed.ts';

let testbed: IdentityTestbed;
let bed: ReturnType<typeof createExportBed>;
let actorId: string;
let workspaceId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('editor');
  bed = createExportBed(testbed, actorId);
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

async function rejected(batchId: string, format: ExportFormat = 'CSV', first = 7): Promise<string> {
  const { rows } = await testbed.runtime.pool.query(
    'SELECT id, profile, import_options FROM staged_batch WHERE id = $1',
    [batchId],
  );
  const [{ import_options, ...batch }] = rows;
  return readAll<number>((after) =>
    exportRejected(testbed.runtime.pool, {
      batch: { ...batch, importOptions: toImportOptions(import_options) },
      ...{ format, after, first },
    }),
  );
}

const importFile = (text: string, entityType: EntityType = 'contact') =>
  bed.importText(workspaceId, entityType, text);

const decide = (batchId: string, rows: readonly number[]) =>
  createImportBed(testbed, { workspaceId, actorId, reviewerId: actorId }).decide(
    batchId,
    'REJECTED',
    rows,
  );

const records = (csv: string) => parse<Record<string, string>>(csv, { columns: true });

describe('the file of rejected rows', () => {
  it('has the columns of the file, then text, line and reason', async () => {
    const batchId = await importFile(
      'Vorname,Notiz,Geburtsdatum\nAda,x,gestern\nEve,y,2000-01-01\nBob,"a"b,2000-01-01\n',
    );
    await decide(batchId, [1]);

    const [header] = (await rejected(batchId)).split('\n');
    expect(header).toBe('Vorname,Notiz,Geburtsdatum,_raw,_line,_reason');
    expect(records(await rejected(batchId))).toMatchObject([
      {
        ...{ Vorname: 'Ada', Notiz: 'x', Geburtsdatum: 'gestern', _raw: '', _line: '2' },
        _reason: expect.stringContaining('birthDate: expected'),
      },
      { Vorname: 'Eve', _line: '3', _reason: expect.stringContaining('Rejected by a reviewer.') },
      {
        Vorname: '',
        _raw: 'Bob,"a"b,2000-01-01',
        _line: '4',
        _reason: expect.stringContaining('4'),
      },
    ]);
  });

  it('has columns with names that all objects know', async () => {
    const batchId = await importFile(
      'givenName,birthDate,constructor,__proto__\nAda,never,a,b\nEve,never,,\n',
    );

    expect(await rejected(batchId)).toMatch(/^Ada,never,a,b,,2,.*\nEve,never,,,,3,/m);
  });

  it('comes page by page', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => `N${index},never`);
    const batchId = await importFile(`givenName,birthDate\n${rows.join('\n')}\n`);

    expect(records(await rejected(batchId, 'CSV', 4)).map(({ givenName }) => givenName)).toEqual(
      rows.map((_, index) => `N${index}`),
    );
  });

  it('leaves out what is sound, or not decided on', async () => {
    const batchId = await importFile('givenName\nAda\n');

    expect(await rejected(batchId)).toBe('givenName,_raw,_line,_reason\n');
  });

  it('has the keys of rows that came over the API', async () => {
    const { batchId } = await testbed.runtime.imports.ingestRows({
      ...{
        workspaceId,
        createdBy: actorId,
        profile: 'contactImport',
        autoPromote: false,
        blankErases: false,
      },
      rows: [{ tier: 'gold', birthDate: 'never', givenName: 'Ada' }, { givenName: 'Eve' }],
      ...{ idempotencyKey: null, limits: readConfig({}).importLimits },
    });
    await testbed.untilResting(batchId);

    expect(JSON.parse(await rejected(batchId, 'NDJSON'))).toMatchObject({
      ...{ givenName: 'Ada', birthDate: 'never', tier: 'gold', _raw: null, _line: null },
    });
  });
});

describe('rejected rows of NDJSON', () => {
  it('have the keys that come late', async () => {
    const early = `${JSON.stringify({ givenName: 'Ada' })}\n`.repeat(20_000);
    const batchId = await importFile(`${early}{"birthDate":"never","Late":"x"}\n`);
    await decide(batchId, [20_000]);

    const [header, row] = (await rejected(batchId)).split('\n');
    expect(header).toBe('givenName,birthDate,Late,_raw,_line,_reason');
    expect(row).toMatch(/^,never,x,/);
  });
});

describe('rejected rows that come again', () => {
  it('have the headers that they had, also such as spreadsheets take for formulas', async () => {
    const csv = await rejected(await importFile('givenName,birthDate,=A1,+x\nAda,never,1,2\n'));

    expect(csv.split('\n')[0]).toBe("givenName,birthDate,'=A1,'+x,_raw,_line,_reason");
    const [row] = await bed.rowsOf(await importFile(csv));
    expect(row.rawData.unmapped).toEqual({ '=A1': '1', '+x': '2' });
  });

  it('are imported once they are corrected', async () => {
    const csv = await rejected(await importFile('givenName,birthDate\n=1+1,gestern\n'));
    const again = await importFile(csv.replace('gestern', '2000-01-01'));

    expect(await bed.rowsOf(again)).toMatchObject([
      { rawData: { line: 2, givenName: '=1+1', birthDate: '2000-01-01' }, status: null },
    ]);
    expect((await bed.rowsOf(again))[0].rawData).not.toHaveProperty('unmapped');
  });

  it('still can not be read where nobody has filled in their cells', async () => {
    const csv = await rejected(await importFile('givenName,email\nAda,a@b.example,x,y\n'));

    expect(await bed.rowsOf(await importFile(csv))).toMatchObject([
      { status: 'INVALID', reason: expect.stringContaining('has not been corrected') },
    ]);
  });

  it('say the same as before, whatever they say', async () => {
    const cell = fc
      .string({ maxLength: 8, unit: 'grapheme' })
      .filter((text) => !text.includes('\0'));
    const row = fc.record({ givenName: cell, familyName: cell, Note: cell });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const file = stringify(
          rows.map((cells) => ({ ...cells, birthDate: 'never' })),
          { header: true, quoted_string: true },
        );
        const first = await importFile(file);
        const again = await importFile(await rejected(first));

        expect(await dataOf(again)).toEqual(await dataOf(first));
      }),
      { numRuns: 15 },
    );
  });
});

async function dataOf(batchId: string) {
  return (await bed.rowsOf(batchId)).map(({ rawData: { line, ...data } }) => data);
}
