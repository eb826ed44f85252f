import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | boolean | null | readonly string[];

const CHUNK_CHARACTERS = 16 * 1024;
const NEEDS_ESCAPE = /[\0\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Escapes text for COPY's text format. NUL, which PostgreSQL can't store, becomes U+FFFD.
 * Format: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
function escapeText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text
    .replaceAll('\0', '\uFFFD')
    .replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

function encodeArray(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`);
  return escapeText(`{${quoted.join(',')}}`);
}

/** One row in COPY's text format, with its line end. Arrays become PostgreSQL arrays of text. */
export function encodeCopyRow(values: readonly CopyValue[]): string {
  let row = '';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) row += '\t';
    if (value === null || value === undefined) row += '\\N';
    else if (typeof value === 'string') row += escapeText(value);
    else if (typeof value === 'object') row += encodeArray(value);
    else row += String(value);
  }
  return `${row}\n`;
}

/**
 * JSON that `jsonb` takes: NUL and lone surrogates, which it refuses, become U+FFFD, as they do in
 * columns of text. `JSON.stringify` writes nothing else of these ranges as an escape.
 */
export function encodeJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u')
    ? json.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (sequence) =>
        /^\\u(?:0000|d)/.test(sequence) ? '\uFFFD' : sequence,
      )
    : json;
}

/**
 * Encoded rows that wait to be copied. They are kept as bytes: as strings, each would keep alive the
 * texts that its values were cut from.
 */
export class EncodedRows {
  readonly #chunks: Buffer[] = [];
  #last = '';
  #length = 0;

  /** How many rows there are. */
  get length(): number {
    return this.#length;
  }

  /** @param row - made by {@link encodeCopyRow} */
  push(row: string): void {
    this.#length += 1;
    this.#last += row;
    if (this.#last.length >= CHUNK_CHARACTERS) {
      this.#chunks.push(Buffer.from(this.#last));
      this.#last = '';
    }
  }

  /** The rows in the order in which they came. */
  bytes(): Buffer {
    return Buffer.concat([...this.#chunks, Buffer.from(this.#last)]);
  }
}

async function* inChunks<T>(
  rows: AsyncIterable<T> | Iterable<T>,
  encode: (row: T) => string,
): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const row of rows) {
    chunk += encode(row);
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/**
 * Streams rows into a table with COPY; memory stays constant however many there are.
 *
 * @param target - table and columns as in SQL: `finding (batch_id, row_index)`
 * @param encode - makes a row of {@link encodeCopyRow} of each
 * @throws what the iterable throws, or PostgreSQL's error; nothing is copied then
 */
export async function copyInto<T>(
  client: ClientBase,
  target: string,
  rows: AsyncIterable<T> | Iterable<T>,
  encode: (row: T) => string,
): Promise<void> {
  await copyChunks(client, target, inChunks(rows, encode));
}

/** Copies rows into a table, named with its columns as for {@link copyInto}. */
export async function copyRows(
  client: ClientBase,
  target: string,
  rows: EncodedRows,
): Promise<void> {
  // As one piece: each further one would wait for its turn behind the work of others.
  if (rows.length > 0) await copyChunks(client, target, [rows.bytes()]);
}

/**
 * Streams bytes into a table as they are: rows of {@link encodeCopyRow}, cut anywhere.
 *
 * @returns how many rows PostgreSQL counted
 */
export async function copyChunks(
  client: ClientBase,
  target: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<number> {
  const sink = client.query(copyFrom(`COPY ${target} FROM STDIN`));
  await pipeline(Readable.from(chunks, { objectMode: false }), sink);
  return sink.rowCount;
}
