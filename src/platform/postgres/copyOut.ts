import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** A row as COPY's text format has it, unescaped: every value as text, null as an empty one. */
export type CopiedRow = readonly string[];

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

function parseRow(line: string): CopiedRow {
  const fields = line.split('\t');
  return line.includes('\\') ? fields.map(unescapeField) : fields;
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
export async function* copyOut(client: ClientBase, query: string): AsyncGenerator<CopiedRow[]> {
  const stream = client.query(copyTo(`COPY (${query}) TO STDOUT (NULL '')`));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines.map(parseRow);
    }
  } finally {
    if (!stream.readableEnded && !stream.errored) await finished(stream.resume());
  }
}
