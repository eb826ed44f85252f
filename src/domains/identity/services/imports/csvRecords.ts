import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { badUserInput } from '../../../../platform/errors.ts';

/** A longer record is taken for a quote that was never closed. */
const MAX_RECORD_CHARACTERS = 1_000_000;

/** A record of a CSV file. */
export interface CsvRecord {
  /** The line of the file on which the record ends, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** @throws `BAD_USER_INPUT` at the first byte that is not UTF-8, rather than replace what it stood for */
async function* decodeUtf8(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (chunk?: Uint8Array): string => {
    try {
      const text = decoder.decode(chunk, { stream: chunk !== undefined });
      line += text.split('\n').length - 1;
      return text;
    } catch {
      throw badUserInput(
        'file',
        `The file is not UTF-8: see line ${line} or below. Save it as UTF-8.`,
      );
    }
  };
  for await (const chunk of source) yield decode(chunk);
  yield decode();
}

/**
 * Reads comma-separated values (RFC 4180) as a stream, the header included.
 *
 * @throws `BAD_USER_INPUT` naming the line when the text is not CSV; the stream's own error when it
 *   breaks off
 */
export async function* readCsvRecords(source: Readable): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  const reading = pipeline(source, decodeUtf8, parser);
  // What breaks the pipeline breaks the iteration below too, and is thrown there.
  reading.catch(() => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw badUserInput('file', `Not CSV: ${error.message}.`);
    throw error;
  }
}
