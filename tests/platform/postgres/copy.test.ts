import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  copyInto,
  copyRows,
  EncodedRows,
  encodeCopyRow,
  encodeJson,
} from '../../../src/platform/postgres/copy.ts';
import { CopiedRows, copyOut } from '../../../src/platform/postgres/copyOut.ts';
import { createTestDatabase, type TestDatabase } from '../../support/testDatabase.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('enrollment');
  client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The rows of a query, each as its values. */
async function copiedRows(query: string, columns: number): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const page of copyOut(client, query)) {
    while (page.nextRow()) rows.push(Array.from({ length: columns }, () => page.next()));
  }
  return rows;
}

const storable = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

it('copies any text in and out as it is, and null out as an empty one', async () => {
  const value = fc.option(fc.string({ unit: 'binary' }));
  const table = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      await client.query('CREATE TEMPORARY TABLE IF NOT EXISTS pair (n int, a text, b text)');
      await client.query('TRUNCATE pair');

      await copyInto(client, 'pair (n, a, b)', rows.entries(), ([n, row]) =>
        encodeCopyRow([n, ...row]),
      );
      const copied = await copiedRows('SELECT a, b FROM pair ORDER BY n', 2);

      expect(copied).toEqual(rows.map((row) => row.map((text) => storable(text ?? ''))));
    }),
    { numRuns: 50 },
  );
});

it('goes on with the next row, however many values were read of the one before', () => {
  const rows = new CopiedRows('a\tb\tc\n\t\t\nd\te\tf\n');
  const read = [];
  while (rows.nextRow()) read.push([rows.next(), rows.next()]);
  expect(read).toEqual([
    ['a', 'b'],
    ['', ''],
    ['d', 'e'],
  ]);
  const all = new CopiedRows('a\n\nb\n');
  const values = [];
  while (all.nextRow()) values.push([all.next(), all.next()]);
  expect(values).toEqual([
    ['a', ''],
    ['', ''],
    ['b', ''],
  ]);
});

it('calls a row plain of which all values are', () => {
  const rows = new CopiedRows('Ada\tOgden Ave\n Ada\t\nAda\tOgden  Ave\n\t~\n');
  const plain = [];
  while (rows.nextRow()) plain.push([rows.next(), rows.next(), rows.isPlain].at(-1));
  expect(plain).toEqual([true, false, false, true]);
});

it('calls rows plain only where all their values are', () => {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab  \u007f\u00e9~') }),
    fc.string({ unit: 'binary' }),
  );
  const table = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 });
  const isPlain = (text: string) => /^[!-~]+(?: [!-~]+)*$|^$/.test(text);
  fc.assert(
    fc.property(table, (written) => {
      const rows = new CopiedRows(written.map((row) => encodeCopyRow(row)).join(''));
      for (const row of written) {
        expect(rows.nextRow()).toBe(true);
        expect([rows.next(), rows.next()]).toEqual(
          row.map((text) => text.replaceAll('\0', '\uFFFD')),
        );
        if (rows.isPlain) expect(row.filter(isPlain)).toEqual(row);
      }
      expect(rows.nextRow()).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it('writes JSON that jsonb takes, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const { rows } = await client.query(`SELECT $1::jsonb->>'text' AS text`, [
        encodeJson({ text }),
      ]);
      expect(rows[0].text).toBe(storable(text));
    }),
    { numRuns: 50 },
  );
});

it('keeps what is more than one chunk together', async () => {
  const rows = await copiedRows(`SELECT n, repeat('é', 50) FROM generate_series(1, 20000) AS n`, 2);
  expect(rows).toEqual(Array.from({ length: 20_000 }, (_, n) => [`${n + 1}`, 'é'.repeat(50)]));
});

it('goes to the next row though values of this one were not read', async () => {
  const rows = await copiedRows('SELECT n, n, n FROM generate_series(1, 3) AS n', 1);
  expect(rows).toEqual([['1'], ['2'], ['3']]);
});

it('copies rows that were encoded before, in their order', async () => {
  await client.query('CREATE TEMPORARY TABLE encoded (n int, a text)');
  const rows = new EncodedRows();
  for (let n = 0; n < 5_000; n += 1) rows.push(encodeCopyRow([n, `row\t${n}`]));
  await copyRows(client, 'encoded (n, a)', rows);
  const { rows: copied } = await client.query('SELECT a FROM encoded ORDER BY n');
  expect(copied).toEqual(Array.from({ length: rows.length }, (_, n) => ({ a: `row\t${n}` })));
});

it('leaves the connection usable for who stops early', async () => {
  for await (const _page of copyOut(client, 'SELECT n FROM generate_series(1, 1000000) AS n'))
    break;
  const { rows } = await client.query('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
});

it('throws the error of a query that fails half-way', async () => {
  const failing = copiedRows('SELECT 1 / (50000 - n) FROM generate_series(1, 100000) AS n', 1);
  await expect(failing).rejects.toThrow('division by zero');
  await expect(client.query('SELECT 1')).resolves.toBeDefined();
});

it('copies nothing when the rows break off', async () => {
  await client.query('CREATE TEMPORARY TABLE single (a text)');
  const rows = (function* () {
    yield 'first';
    throw new Error('broken off');
  })();
  await expect(
    copyInto(client, 'single (a)', rows, (text) => encodeCopyRow([text])),
  ).rejects.toThrow('broken off');
  const { rowCount } = await client.query('SELECT FROM single');
  expect(rowCount).toBe(0);
});
