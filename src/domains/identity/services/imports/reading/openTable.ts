import type { Readable } from 'node:stream';
import { badUserInput } from '../../../../../platform/errors.ts';
import { nameColumns } from './columnNames.ts';
import { CsvReader } from './csvReader.ts';
import { delimiterLine, detectDelimiter } from './delimiter.ts';
import { detectEncoding, LineDecoder } from './encoding.ts';
import { assertNoOtherJson, assertText } from './foreignFormats.ts';
import { type ImportLimits, pastLimit } from './importLimits.ts';
import { inflate, isGzip } from './inflate.ts';
import { type FlatObject, NdjsonReader } from './ndjsonReader.ts';
import type {
  AskedFormat,
  BrokenRow,
  Delimiter,
  ReadRow,
  Table,
  TableFormat,
  TableRow,
  TextBlock,
} from './table.ts';

/** What is looked at to tell what a file is. */
const HEAD_BYTES = 256 * 1024;
const SAMPLE_ROWS = 1_000;

/** How rows come out of the blocks of a file. */
interface RowReader {
  readonly columns: readonly string[];
  /** Columns that only turn up after the first block, as they do. */
  readonly lateColumns: ReadonlySet<string>;
  readonly delimiter: Delimiter | null;
  /** The rows of the first block. */
  readonly first: readonly TableRow[];
  read(block: TextBlock): readonly TableRow[];
  end(): readonly TableRow[];
}

/**
 * Opens a file as a table: CSV of any usual delimiter or NDJSON, of any usual encoding, also in gzip.
 * What it is, its content tells; a few hundred kilobytes are read for that. The rest is read as the
 * rows are, and never held as a whole.
 *
 * @throws `BAD_USER_INPUT` where it is no table, or past a limit, here or while its rows are read;
 *   the stream's own error when it breaks off
 */
export async function openTable(
  file: Readable,
  asked: AskedFormat,
  limits: ImportLimits,
): Promise<Table> {
  const sent = await readHead(file);
  const isPacked = isGzip(sent.head);
  const { head, isWhole, chunks } = isPacked ? await readHead(inflate(sent.chunks, limits)) : sent;
  if (head.length === 0) throw badUserInput('file', 'The file is empty.');
  const detected = detectEncoding(head);
  const encoding = asked.encoding ?? detected.encoding;
  const markBytes = encoding === (detected.encoding ?? encoding) ? detected.markBytes : 0;
  if (!encoding?.startsWith('UTF-16')) assertText(head);
  const lineEnd = head.includes('\n') || !head.includes('\r') ? '\n' : '\r';
  const decoder = new LineDecoder(encoding, lineEnd);
  const bytes = skip(limitBytes(chunks, limits), markBytes);
  const blocks = isWhole ? decodeAll(bytes, decoder) : decodeBlocks(bytes, decoder, limits);
  const first = await blocks.next();
  if (first.done) throw badUserInput('file', 'The file is empty.');
  const reader =
    asked.delimiter == null && isNdjson(first.value.text)
      ? readNdjson(first.value, limits)
      : await readCsv(first.value, blocks, {
          decoder,
          lineEnd,
          limits,
          isWhole,
          delimiter: asked.delimiter ?? null,
        });
  return {
    get format(): TableFormat {
      return {
        kind: reader.delimiter === null ? 'NDJSON' : 'CSV',
        compression: isPacked ? 'GZIP' : null,
        encoding: decoder.encoding,
        delimiter: reader.delimiter,
      };
    },
    columns: reader.columns,
    get lateColumns(): readonly string[] {
      return [...reader.lateColumns];
    },
    sample: reader.first.slice(0, SAMPLE_ROWS),
    rows: oneByOne(readRows(blocks, reader), limits),
  };
}

interface FileHead {
  readonly head: Buffer;
  /** Whether there is no more of the file than its head. */
  readonly isWhole: boolean;
  /** The head, and what comes after it. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** Reads the first bytes ahead. */
async function readHead(source: AsyncIterable<Buffer>): Promise<FileHead> {
  const iterator = source[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let bytes = 0;
  let isWhole = false;
  while (bytes < HEAD_BYTES && !isWhole) {
    const { done, value } = await iterator.next();
    if (done) {
      isWhole = true;
    } else {
      read.push(value);
      bytes += value.length;
    }
  }
  const head = Buffer.concat(read);
  async function* all() {
    try {
      if (head.length > 0) yield head;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head, isWhole, chunks: all() };
}

async function* skip(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* limitBytes(
  chunks: AsyncIterable<Buffer>,
  limits: ImportLimits,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw pastLimit(limits, 'bytes', 'The file has more bytes than');
    yield chunk;
  }
}

/** A file that its head is all of is one block, so that its last line counts among its first, with a line end or without. */
async function* decodeAll(
  chunks: AsyncIterable<Buffer>,
  decoder: LineDecoder,
): AsyncGenerator<TextBlock, void, undefined> {
  for await (const chunk of chunks) if (chunk.length > 0) yield decoder.decode(chunk);
}

/** Cuts a file into blocks of whole lines. */
async function* decodeBlocks(
  chunks: AsyncIterable<Buffer>,
  decoder: LineDecoder,
  limits: ImportLimits,
): AsyncGenerator<TextBlock, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = decoder.endOfLines(bytes);
    if (end > 0) yield decoder.decode(bytes.subarray(0, end));
    rest = bytes.subarray(end);
    // No character takes more than three bytes for each unit of UTF-16.
    if (rest.length > limits.rowCharacters * 3) {
      throw pastLimit(limits, 'rowCharacters', 'A line of the file has more characters than');
    }
  }
  if (rest.length > 0) yield decoder.decode(rest);
}

function isNdjson(text: string): boolean {
  return /^\s*\{/.test(text) && text.split('\n').some(isJsonObject);
}

function isJsonObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function readNdjson(first: TextBlock, limits: ImportLimits): RowReader {
  const reader = new NdjsonReader(limits);
  const objects = reader.read(first);
  const known = new Set(objects.flatMap((row) => ('values' in row ? [...row.values.keys()] : [])));
  const lateColumns = new Set<string>();
  assertColumns(known.size, limits);
  const toRows = (rows: readonly (FlatObject | BrokenRow)[]) =>
    rows.map((row) => {
      if (!('values' in row)) return row;
      const read = toRow(row, known);
      for (const key of Object.keys(read.extra ?? {})) lateColumns.add(key);
      assertColumns(known.size + lateColumns.size, limits);
      return read;
    });
  return {
    columns: [...known],
    lateColumns,
    delimiter: null,
    first: toRows(objects),
    read: (block) => toRows(reader.read(block)),
    end: () => [],
  };
}

function toRow({ line, values }: FlatObject, known: ReadonlySet<string>): ReadRow {
  const cells = Array.from(known, (column) => values.get(column) ?? '');
  const extra = [...values].filter(([key]) => !known.has(key));
  return extra.length === 0 ? { line, cells } : { line, cells, extra: Object.fromEntries(extra) };
}

interface CsvInput {
  readonly decoder: LineDecoder;
  readonly lineEnd: '\n' | '\r';
  readonly limits: ImportLimits;
  /** Whether nothing comes after the first block. */
  readonly isWhole: boolean;
  /** As asked for. */
  readonly delimiter: Delimiter | null;
}

async function readCsv(
  block: TextBlock,
  blocks: AsyncGenerator<TextBlock, void>,
  { decoder, lineEnd, limits, isWhole, delimiter }: CsvInput,
): Promise<RowReader> {
  assertNoOtherJson(block.text);
  const said = delimiterLine(block.text);
  const text = said === null ? block.text : block.text.slice(said.line.length);
  const parting = delimiter ?? said?.delimiter ?? detectDelimiter(text, lineEnd);
  const linesRead = said === null ? 0 : 1;
  const reader = new CsvReader({
    delimiter: parting,
    lineEnd,
    line: linesRead + 1,
    encoding: () => decoder.encoding,
    limits,
  });
  let rows = reader.read({ text, damaged: block.damaged.map((index) => index - linesRead) });
  if (isWhole) rows.push(...reader.end());
  // The header alone tells nothing of the rows; the first of them may be longer than a block.
  while (rows.length < 2) {
    const next = await blocks.next();
    rows = rows.concat(next.done ? reader.end() : reader.read(next.value));
    if (next.done) break;
  }
  const [header, ...first] = rows;
  if (header === undefined) throw badUserInput('file', 'The file is empty.');
  if ('problem' in header) {
    throw badUserInput('file', `The header can't be read: ${header.problem}`);
  }
  assertColumns(header.cells.length, limits);
  return {
    columns: nameColumns(header.cells),
    lateColumns: new Set(),
    delimiter: parting,
    first,
    read: (next) => reader.read(next),
    end: () => reader.end(),
  };
}

function assertColumns(count: number, limits: ImportLimits): void {
  if (count <= limits.columns) return;
  throw pastLimit(limits, 'columns', 'The file has more columns than');
}

async function* readRows(
  blocks: AsyncGenerator<TextBlock>,
  reader: RowReader,
): AsyncGenerator<readonly TableRow[]> {
  yield reader.first;
  for await (const block of blocks) yield reader.read(block);
  yield reader.end();
}

/** A generator of single rows would take half as long again as all of the reading. */
function oneByOne(
  batches: AsyncGenerator<readonly TableRow[]>,
  limits: ImportLimits,
): AsyncIterable<TableRow> {
  let batch: readonly TableRow[] = [];
  let index = 0;
  let rows = 0;
  const fill = async (): Promise<IteratorResult<TableRow, undefined>> => {
    for (;;) {
      const next = await batches.next();
      if (next.done) return { done: true, value: undefined };
      rows += next.value.length;
      if (rows > limits.rows) throw pastLimit(limits, 'rows', 'The file has more rows than');
      batch = next.value;
      index = 1;
      const [value] = batch;
      if (value !== undefined) return { done: false, value };
    }
  };
  const iterator: AsyncIterator<TableRow> = {
    next() {
      const value = batch[index];
      if (value === undefined) return fill();
      index += 1;
      return Promise.resolve({ done: false, value });
    },
    async return() {
      await batches.return(undefined);
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
