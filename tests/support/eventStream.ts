import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** The payloads of a GraphQL subscription over server-sent events, until it is complete. */
export async function* readEvents(response: Response): AsyncGenerator<unknown> {
  if (response.body === null) return;
  for await (const line of createInterface({ input: Readable.from(chunksOf(response.body)) })) {
    if (!line.startsWith('data:')) continue;
    const data = line.slice('data:'.length).trim();
    if (data !== '') yield JSON.parse(data);
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield Buffer.from(chunk);
}
