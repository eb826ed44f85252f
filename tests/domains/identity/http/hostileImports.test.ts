import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createImportBed, type ImportBed } from './importBed.ts';

let bed: ImportBed;
beforeAll(async () => {
  bed = await createImportBed({ IMPORT_MAX_ROWS: '30000', IMPORT_MAX_BYTES: '40000000' });
});
afterAll(() => bed.close());
beforeEach(() => bed.runtime.pool.query('TRUNCATE staged_batch, staged_record CASCADE'));

function* endless(text: string): Generator<Buffer> {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  for (;;) yield chunk;
}

function* header(text: string, rest: Iterable<Buffer>): Generator<Buffer> {
  yield Buffer.from(text);
  yield* rest;
}

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const NOISE = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 251));

describe('refuses, and stages nothing of,', () => {
  it.each([
    ['a line without an end', endless('a'), 'IMPORT_MAX_ROW_CHARACTERS'],
    [
      'a line without an end after good ones',
      header('givenName\nAda\n', endless('a')),
      'IMPORT_MAX_ROW_CHARACTERS',
    ],
    ['more columns than anybody has', [`${'a,'.repeat(2_000)}\n1\n`], 'IMPORT_MAX_COLUMNS'],
    [
      'objects with more keys than anybody has',
      [JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, key) => [key, 1])))],
      'IMPORT_MAX_COLUMNS',
    ],
    ['more rows than allowed', header('givenName\n', endless('Ada\n')), 'IMPORT_MAX_ROWS'],
    ['more bytes than allowed', header('givenName\n', endless('\n')), 'IMPORT_MAX_BYTES'],
    [
      'a gzip file that inflates a thousandfold',
      [gzipSync(`givenName\n${`${'a'.repeat(99_999)}\n`.repeat(300)}`)],
      'IMPORT_MAX_INFLATION',
    ],
    ['an image', [PNG], 'an image'],
    ['a spreadsheet', ['PK\x03\x04\x14\x00'], 'a spreadsheet or another ZIP file: save it as CSV'],
    ['a gzip file of a spreadsheet', [gzipSync('PK\x03\x04\x14\x00')], 'save it as CSV'],
    ['bytes of no meaning', [NOISE], 'no text'],
    ['zeros', [Buffer.alloc(10_000)], 'no text'],
    ['a damaged gzip file', [gzipSync('givenName\nAda\n').subarray(0, 25)], 'damaged or cut off'],
    ['a JSON array', ['[{"givenName":"Ada"}]'], 'NDJSON'],
    ['JSON over several lines', ['{\n  "givenName": "Ada"\n}\n'], 'NDJSON'],
    ['a header that is none', [`${'a'.repeat(9_999)}\n`], 'must be the header'],
    ['a header with an open quote', ['"givenName\nAda\n'], "header can't be read"],
  ])('%s', async (_what, file, message) => {
    const { status, body } = await bed.upload(file);

    expect(body.errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'BAD_USER_INPUT', field: 'file' },
    });
    expect(status).toBe(400);
    expect(await bed.staged()).toEqual({ batches: [], rows: 0 });
    expect(await bed.upload(['givenName\nAda\n'])).toMatchObject({ status: 201 });
  });
});

describe('a form', () => {
  it('is refused, since its parts would be read as rows', async () => {
    const upload = await bed.startUpload();
    upload.setHeader('content-type', 'multipart/form-data; boundary=x');
    upload.end('--x\r\n\r\ngivenName\r\nAda\r\n--x--\r\n');

    const [response]: IncomingMessage[] = await once(upload, 'response');

    expect(response?.statusCode).toBe(400);
    expect(response && (await text(response))).toContain('--data-binary');
  });
});

describe('an upload that is refused', () => {
  it('is read to its end and dropped, so that the client gets to read why', async () => {
    const megabyte = Buffer.alloc(1_000_000, 'a');
    const upload = await bed.startUpload();
    upload.setHeader('content-length', 50 * megabyte.length);
    upload.flushHeaders();
    const [socket]: Socket[] = await once(upload, 'socket');
    let answer = '';
    // Beside the request, which sends nothing more when it has its answer.
    socket?.prependListener('data', (chunk) => {
      answer += chunk;
    });

    for (let sent = 0; sent < 50; sent += 1) {
      if (!socket?.write(megabyte)) await once(socket ?? upload, 'drain');
    }

    await expect.poll(() => answer).toContain('IMPORT_MAX_ROW_CHARACTERS');
    upload.destroy();
  });
});

describe('an upload that breaks off', () => {
  it('leaves nothing', async () => {
    const upload = await bed.startUpload();
    upload.write(`givenName,note\n${`Ada,${'x'.repeat(50)}\n`.repeat(20_000)}`);
    await expect
      .poll(async () => (await bed.staged()).batches)
      .toMatchObject([{ status: 'STAGING' }]);

    upload.destroy();

    await expect.poll(() => bed.staged()).toEqual({ batches: [], rows: 0 });
  });
});

describe("a row that can't be read", () => {
  it('is staged with its line, its text and the reason, among the others', async () => {
    const { status, body } = await bed.upload(['givenName,note\nAda,1\n"Be"n,2\n', 'Cleo,3\n']);

    expect(status).toBe(201);
    expect(body).toMatchObject({
      recordCount: 3,
      format: { kind: 'CSV', compression: null, encoding: 'UTF-8', delimiter: ',' },
    });
    const { rows } = await bed.runtime.pool.query(
      'SELECT raw_data FROM staged_record ORDER BY row_index',
    );
    expect(rows.map(({ raw_data }) => raw_data)).toEqual([
      { line: 2, givenName: 'Ada', unmapped: { note: '1' } },
      {
        line: 3,
        unreadable: 'Line 3 has something between a closing quote and the next delimiter.',
        raw: '"Be"n,2',
      },
      { line: 4, givenName: 'Cleo', unmapped: { note: '3' } },
    ]);
  });
});
