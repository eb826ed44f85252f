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
const LINE_END = 0x0a;
const SPACE = 0x20;
const TILDE = 0x7e;

/**
 * Reads the rows of some whole lines of COPY's text format, value by value: what a row is made of is
 * cut out when it is asked for, and dies young.
 */
export class CopiedRows {
  readonly #lines: string;
  readonly #isEscaped: boolean;
  /** Where the next value begins, and after the last one of a row the next row. */
  #next = 0;
  #isRowRead = true;
  #isPlain = true;

  constructor(lines: string) {
    this.#lines = lines;
    this.#isEscaped = lines.includes('\\');
  }

  /** Goes to the next row; false when there is none. */
  nextRow(): boolean {
    if (!this.#isRowRead) this.#next = this.#lines.indexOf('\n', this.#next) + 1;
    if (this.#next >= this.#lines.length) return false;
    this.#isRowRead = false;
    this.#isPlain = true;
    return true;
  }

  /**
   * Whether the values that were read of the row are printable ASCII with single spaces between
   * words; false says nothing. It comes with reading them, which looks at each sign anyway: an
   * `indexOf` a value takes longer.
   */
  get isPlain(): boolean {
    return this.#isPlain && !this.#isEscaped;
  }

  /** The next value of the row as text; null is an empty one. */
  next(): string {
    if (this.#isRowRead) return '';
    const lines = this.#lines;
    const start = this.#next;
    let end = start;
    let previous = SPACE;
    let code = lines.charCodeAt(end);
    while (code !== TAB && code !== LINE_END) {
      if (code < SPACE || code > TILDE || (code === SPACE && previous === SPACE)) {
        this.#isPlain = false;
      }
      previous = code;
      end += 1;
      code = lines.charCodeAt(end);
    }
    this.#next = end + 1;
    if (code === LINE_END) this.#isRowRead = true;
    if (start === end) return '';
    if (previous === SPACE) this.#isPlain = false;
    const value = lines.slice(start, end);
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
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const end = chunk.lastIndexOf(LINE_END) + 1;
      // Cut as bytes, so that the lines are one piece of text, whose signs are at hand.
      if (end > 0) yield new CopiedRows(Buffer.concat([rest, chunk.subarray(0, end)]).toString());
      rest = end > 0 ? chunk.subarray(end) : Buffer.concat([rest, chunk]);
    }
  } finally {
    if (!stream.readableEnded && !stream.errored) await finished(stream.resume());
  }
}
