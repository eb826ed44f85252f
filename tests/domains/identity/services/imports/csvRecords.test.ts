import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvRecords } from '../../../../../src/domains/identity/services/imports/csvRecords.ts';

async function read(...chunks: (string | Uint8Array)[]) {
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  return Array.fromAsync(readCsvRecords(source));
}

describe('reads', () => {
  it('cells with commas, quotes and line breaks, and says on which line a record ends', async () => {
    expect(await read('a,b\n"x, ""y""","1\n2"\nlast,z\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x, "y"', '1\n2'] },
      { line: 4, cells: ['last', 'z'] },
    ]);
  });

  it('a byte order mark as none, and a character that is cut between two chunks as one', async () => {
    const bytes = Buffer.from('\uFEFFname\nCafé\n');
    const cut = bytes.indexOf(0xc3) + 1;
    const records = await read(bytes.subarray(0, cut), bytes.subarray(cut));
    expect(records.map(({ cells }) => cells)).toEqual([['name'], ['Café']]);
  });

  it('any table that a well-kept writer wrote', async () => {
    const table = fc.array(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = stringify(rows, { quoted: true });
        expect((await read(text)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});

describe('refuses', () => {
  it.each([
    ['a quote that is never closed', 'name\n"Depot\n', /Quote Not Closed/],
    ['a quote in the middle of a cell', 'name\nDe"pot"\n', /Invalid Opening Quote/],
    ['a record without an end', `name\n"${'x'.repeat(1_100_000)}`, /Max Record Size/],
  ])('%s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    });
  });

  it('what is not UTF-8, and says about where', async () => {
    await expect(read('name\nDepot\n', Buffer.from('Caf\xe9\n', 'latin1'))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('not UTF-8: see line 3'),
    });
  });
});
