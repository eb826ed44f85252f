import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../../../../src/domains/identity/services/imports/reading/openTable.ts';
import {
  DELIMITERS,
  ENCODINGS,
  type Encoding,
} from '../../../../../../src/domains/identity/services/imports/reading/table.ts';
import { cellsOf, DEFAULT_LIMITS, readTable } from './readTable.ts';

const WINDOWS_1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);

function encode(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'UTF-8':
      return Buffer.from(text);
    case 'UTF-16LE':
      return Buffer.from(text, 'utf16le');
    case 'UTF-16BE':
      return Buffer.from(text, 'utf16le').swap16();
    case 'WINDOWS-1252':
      return Buffer.from(Array.from(text, (character) => WINDOWS_1252.get(character) ?? 0x3f));
  }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(from, from + size));
    from += size;
  }
  return [...pieces, bytes.subarray(from)];
}

describe('any table that a well-kept writer wrote', () => {
  const anyCell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', 'a', 'é', '€') }),
  );
  const westernCell = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...[...WINDOWS_1252.keys()].filter((character) => character >= ' ')),
      fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r'),
    ),
  });
  const tableOf = (cell: fc.Arbitrary<string>) =>
    fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 20 }),
      );
  const written = fc.record({
    delimiter: fc.constantFrom(...DELIMITERS),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    quoted: fc.boolean(),
    mark: fc.boolean(),
    packed: fc.boolean(),
    // Past the bytes that are read ahead, rows come as their pieces are cut.
    far: fc.boolean(),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
  });

  it.each(ENCODINGS)('in %s has the same cells', async (encoding) => {
    const cell = encoding === 'WINDOWS-1252' ? westernCell : anyCell;
    await fc.assert(
      fc.asyncProperty(tableOf(cell), written, async (rows, how) => {
        const columns = (rows[0] ?? ['']).map((_, index) => `column ${index}`);
        const ahead = how.far ? Array(300).fill(columns.with(0, 'x'.repeat(1_000))) : [];
        const write = (records: readonly (readonly string[])[]) =>
          stringify([...records], {
            delimiter: how.delimiter,
            record_delimiter: how.lineEnd,
            quoted: how.quoted,
            quoted_empty: true,
            quoted_match: /[\r\n]/,
          });
        const hasMark = how.mark && encoding !== 'WINDOWS-1252';
        const start = encode(`${hasMark ? '\uFEFF' : ''}${write([columns, ...ahead])}`, encoding);
        const plain = Buffer.concat([start, encode(write(rows), encoding)]);

        const table = await readTable(
          how.packed ? cut(gzipSync(plain), how.sizes) : cut(plain, [start.length, ...how.sizes]),
          { delimiter: how.delimiter, ...(hasMark ? {} : { encoding }) },
        );

        expect(cellsOf(table)).toEqual([columns, ...ahead, ...rows]);
      }),
    );
  });
});

describe('the format', () => {
  const WORDS = [
    ['name', 'city', 'note'],
    ['Müller', 'Zürich', 'a'],
    ['Özil', 'Köln', 'b, c'],
  ];

  it.each(
    ENCODINGS.flatMap((encoding) => DELIMITERS.map((delimiter) => ({ encoding, delimiter }))),
  )('is told without being asked for: $encoding, "$delimiter"', async ({ encoding, delimiter }) => {
    const bytes = encode(stringify(WORDS, { delimiter }), encoding);

    const table = await readTable([bytes]);

    expect(table.format).toEqual({ kind: 'CSV', compression: null, encoding, delimiter });
    expect(cellsOf(table)).toEqual(WORDS);
  });

  it('of a gzip file is that of its content', async () => {
    const table = await readTable([gzipSync('a;b\n1;2\n')]);

    expect(table.format).toMatchObject({ compression: 'GZIP', delimiter: ';' });
    expect(cellsOf(table)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('is what the first line says where Excel wrote one, and lines count on', async () => {
    const table = await readTable(['sep=;\r\na;b,c\r\n1;2\r\n']);

    expect(table.format.delimiter).toBe(';');
    expect(table.columns).toEqual(['a', 'b,c']);
    expect(table.rows).toEqual([{ line: 3, cells: ['1', '2'] }]);
  });

  it('has the delimiter that gives all rows as many cells, not that which is met most', async () => {
    const table = await readTable(['name;note\nA;1,2,3\nB;x, y\nC;\n']);

    expect(table.format.delimiter).toBe(';');
  });

  it.each([
    ['é', 'UTF-8'],
    ['\xe9', 'WINDOWS-1252'],
  ])(
    'has the encoding that the first byte beyond ASCII tells, however late: %s',
    async (letter, encoding) => {
      const ascii = `name\n${'Depot\n'.repeat(100_000)}`;
      const last = Buffer.from(`Caf${letter}\n`, encoding === 'UTF-8' ? 'utf8' : 'latin1');

      const { format, rows } = await readTable([ascii, last]);

      expect(format.encoding).toBe(encoding);
      expect(rows.at(-1)).toEqual({ line: 100_002, cells: ['Café'] });
    },
  );

  it('of old Macs ends lines with CR', async () => {
    expect(cellsOf(await readTable(['a,b\r1,2\r']))).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });
});

describe('columns', () => {
  it('are told apart, and named where they are not', async () => {
    const { columns } = await readTable(['Note,,Note, Fax ,Note (2),Note\n']);

    expect(columns).toEqual(['Note', 'Column 2', 'Note (2)', 'Fax', 'Note (2) (2)', 'Note (3)']);
  });
});

describe('a row', () => {
  it('says on which line it begins, blank lines and line breaks in cells counted', async () => {
    const { rows } = await readTable(['a,b\n\n"x, ""y""","1\n2"\r\nlast,z']);

    expect(rows).toEqual([
      { line: 3, cells: ['x, "y"', '1\n2'] },
      { line: 5, cells: ['last', 'z'] },
    ]);
  });

  it('may lack cells at the end, or have blank ones too many', async () => {
    const { rows } = await readTable(['a,b,c\n1\n1,2,3,,\n']);

    expect(rows).toEqual([
      { line: 2, cells: ['1', '', ''] },
      { line: 3, cells: ['1', '2', '3'] },
    ]);
  });

  it('may have quotes within a cell', async () => {
    expect(cellsOf(await readTable(['size,name\n19",The "Depot"\n']))).toContainEqual([
      '19"',
      'The "Depot"',
    ]);
  });

  it.each([
    ['has too many cells', '1,2,3', /Line 3 has 3 cells, but the header has 2/],
    ['goes on after a closing quote', '"De"pot,2', /Line 3 has something between/],
    ['opens a quote that is never closed', '"Depot,2', /Line 3 opens a quote/],
    ['has a NUL', 'De\0pot,2', /Line 3 has bytes that are no text/],
  ])('that %s is kept as text, and those beside it are read', async (_what, raw, problem) => {
    const { rows } = await readTable([`a,b\n1,2\n${raw}\n3,4\n`]);

    expect(rows).toEqual([
      { line: 2, cells: ['1', '2'] },
      { line: 3, problem: expect.stringMatching(problem), raw },
      { line: 4, cells: ['3', '4'] },
    ]);
  });

  it('that takes in the rows up to the next quote is kept alone', async () => {
    const rest = Array.from({ length: 100 }, (_, index) => `${index},x\n`).join('');
    const { rows } = await readTable([`a,b\n"Depot,1\n${rest}2,Screen 19"\n`]);

    expect(rows).toHaveLength(102);
    expect(rows[0]).toMatchObject({ line: 2, raw: '"Depot,1' });
    expect(rows.at(-1)).toEqual({ line: 103, cells: ['2', 'Screen 19"'] });
  });

  it('after a quote that is never closed is read, however far the end of the file is', async () => {
    const rest = '1,2\n'.repeat(500_000);
    const { rows } = await readTable([`a,b\n"Depot,1\n${rest}`]);

    expect(rows).toHaveLength(500_001);
    expect(rows.filter((row) => 'problem' in row)).toHaveLength(1);
  });

  it('whose bytes are no UTF-8 is kept as what Windows-1252 makes of them', async () => {
    const { format, rows } = await readTable([
      Buffer.from('a,b\né,1\n'),
      Buffer.from('Caf\xe9,"2\n3"\n', 'latin1'),
      Buffer.from('ü,4\n'),
    ]);

    expect(format.encoding).toBe('UTF-8');
    expect(rows).toEqual([
      { line: 2, cells: ['é', '1'] },
      { line: 3, problem: 'Line 3 has bytes that are no text in UTF-8.', raw: 'Café,"2\n3"' },
      { line: 5, cells: ['ü', '4'] },
    ]);
  });

  it('is among the first ones also where it is the last, without a line end', async () => {
    const { sample } = await openTable(
      Readable.from([Buffer.from('a,b\n1,2\n"3,4\n5,6')]),
      {},
      DEFAULT_LIMITS,
    );

    expect(sample).toEqual([
      { line: 2, cells: ['1', '2'] },
      { line: 3, problem: 'Line 3 opens a quote that is never closed.', raw: '"3,4' },
      { line: 4, cells: ['5', '6'] },
    ]);
  });

  it('of UTF-16 that is cut in the middle of a character is kept', async () => {
    const bytes = Buffer.from('\uFEFFa,b\n1,2\n3,4', 'utf16le');

    const { rows } = await readTable([bytes.subarray(0, -1)]);

    expect(rows).toMatchObject([
      { line: 2, cells: ['1', '2'] },
      { line: 3, raw: '3,' },
    ]);
  });
});

describe('NDJSON', () => {
  it('is read as a table of what its objects have, values as they are written', async () => {
    const { format, columns, rows } = await readTable([
      '{"id":12345678901234567890,"name":"Depot","address":{"city":"Köln","lines":["a",1.50]}}\n',
      '\n{"id":2,"open":true,"address":null,"rate":1.50}\r\n',
    ]);

    expect(format).toEqual({
      kind: 'NDJSON',
      compression: null,
      encoding: 'UTF-8',
      delimiter: null,
    });
    expect(columns).toEqual([
      'id',
      'name',
      'address.city',
      'address.lines',
      'open',
      'address',
      'rate',
    ]);
    expect(rows).toEqual([
      {
        line: 1,
        cells: ['12345678901234567890', 'Depot', 'Köln', '["a",1.50]', '', '', ''],
      },
      { line: 3, cells: ['2', '', '', '', 'true', '', '1.50'] },
    ]);
  });

  it('keeps what is no object as text, and keys that come late beside the columns', async () => {
    const many = '{"a":1}\n'.repeat(50_000);
    const { columns, lateColumns, rows } = await readTable([
      many,
      '[1]\n{"a":\n{"a":2,"b":{"c":3}}\n',
    ]);

    expect(columns).toEqual(['a']);
    expect(lateColumns).toEqual(['b.c']);
    expect(rows.slice(-3)).toEqual([
      { line: 50_001, problem: 'Line 50001 is no JSON object.', raw: '[1]' },
      { line: 50_002, problem: 'Line 50002 is no JSON.', raw: '{"a":' },
      { line: 50_003, cells: ['2'], extra: { 'b.c': '3' } },
    ]);
  });
});
