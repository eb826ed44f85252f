import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescapeField(field: string): string {
  return field.replace(/\\(.)/g, (_escape, character: string) => UNESCAPED[character] ?? character);
}

const TAB = 0x09;

/**
 * Reads the rows of some whole lines of COPY's text format, value by value: what a row is made of is
 * cut out when it is asked for, and dies young.
 */
export class CopiedRows {
  readonly #lines: string;
  readonly #isEscaped: boolean;
  #nextRow = 0;
  #nextValue = 0;
  #rowEnd = 0;

  constructor(lines: string) {
    this.#lines = lines;
    this.#isEscaped = lines.includes('\\');
  }

  /** Goes to the next row; false when there is none. */
  nextRow(): boolean {
    if (this.#nextRow >= this.#lines.length) return false;
    this.#nextValue = this.#nextRow;
    this.#rowEnd = this.#lines.indexOf('\n', this.#nextRow);
    this.#nextRow = this.#rowEnd + 1;
    return true;
  }

  /** The next value of the row as text; null is an empty one. */
  next(): string {
    const start = this.#nextValue;
    // Many values are empty, and looking for the next tab takes longer than seeing that this is one.
    if (this.#lines.charCodeAt(start) === TAB) {
      this.#nextValue = start + 1;
      return '';
    }
    const tab = this.#lines.indexOf('\t', start);
    const end = tab === -1 || tab > this.#rowEnd ? this.#rowEnd : tab;
    this.#nextValue = end + 1;
    if (start >= end) return '';
    const value = this.#lines.slice(start, end);
    return this.#isEscaped ? unescapeField(value) : value;
  }
}

/**
 * Streams the rows of a query with COPY, many at a time. Measured on wide rows, it takes a third of
 * the time of ordinary results, whose values are parsed one by one. With null written as nothing,
 * rows that need unescaping are rare.
 *
 * Who stops early waits for the rest to arrive: PostgreSQL sends it all the same, and the connection
 * is of no use before.
 *
 * @param query - without parameters, which COPY does not take: escape what goes into it
 */
export async function* copyOut(client: ClientBase, query: string): AsyncGenerator<CopiedRows> {
  const stream = client.query(copyTo(`COPY (${query}) TO STDOUT (NULL '')`));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const text = rest + decoder.decode(chunk, { stream: true });
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      if (end > 0) yield new CopiedRows(text.slice(0, end));
    }
  } finally {
    if (!stream.readableEnded && !stream.errored) await finished(stream.resume());
  }
}
