import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { badUserInput } from '../../../../../platform/errors.ts';
import { type ImportLimits, pastLimit } from './importLimits.ts';

/** A smaller file may have shrunk as much as it likes. */
const FREE_BYTES = 16 * 1024 * 1024;

/** https://www.rfc-editor.org/rfc/rfc1952#page-6, with the only method that there is. */
export function isGzip(head: Buffer): boolean {
  return head.length > 2 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * Inflates a gzip file.
 *
 * @throws `BAD_USER_INPUT` where it is damaged or cut off, or inflates so much that it is made to
 *   do harm
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  limits: ImportLimits,
): AsyncGenerator<Buffer> {
  let packedBytes = 0;
  let bytes = 0;
  const gunzip = createGunzip();
  const reading = pipeline(
    chunks,
    async function* count(packed: AsyncIterable<Buffer>) {
      for await (const chunk of packed) {
        packedBytes += chunk.length;
        yield chunk;
      }
    },
    gunzip,
  );
  // What breaks the pipeline breaks the iteration below too, and is thrown there.
  reading.catch(() => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > FREE_BYTES && bytes > packedBytes * limits.inflation) {
        throw pastLimit(limits, 'inflation', 'The gzip file inflates by a factor of more than');
      }
      yield chunk;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw badUserInput('file', `The gzip file is damaged or cut off (${error.message}).`);
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
