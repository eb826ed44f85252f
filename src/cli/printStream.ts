import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { printNote } from './output.ts';

type Lines = AsyncIterable<string>;

/** Prints what is streamed, and leaves standard output open. */
export function printStream<T>(
  rows: AsyncIterable<T>,
  toLines: (rows: AsyncIterable<T>) => Lines,
): Promise<void> {
  return pipeline(Readable.from(toLines(rows)), process.stdout, { end: false });
}

/** Each row as a line of JSON. */
export async function* jsonLines<T>(rows: AsyncIterable<T>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

const TABLE_PAGE = 200;

/**
 * A table's columns need all its rows, so a long list becomes several tables.
 *
 * @param none - what is said where there are no rows
 */
export function tables<T>(toTable: (rows: readonly T[]) => string, none: string) {
  return async function* (rows: AsyncIterable<T>): AsyncGenerator<string> {
    let page: T[] = [];
    let isEmpty = true;
    for await (const row of rows) {
      page.push(row);
      isEmpty = false;
      if (page.length < TABLE_PAGE) continue;
      yield `${toTable(page)}\n`;
      page = [];
    }
    if (page.length > 0) yield `${toTable(page)}\n`;
    if (isEmpty) printNote(none);
  };
}
