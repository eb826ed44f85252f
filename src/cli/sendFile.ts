import { type FileHandle, open, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { getSystemErrorMessage } from 'node:util';
import { CliError, gatewayUnreachable } from './cliError.ts';

/** Told how many bytes of how many have been sent. */
export type OnSent = (sent: number, total: number) => void;

/**
 * Sends a file to the gateway, as a stream, or as much of it as the gateway wants to have.
 *
 * @returns the text of the answer
 * @throws CliError for a file that can't be read, and when the gateway does not answer
 */
export async function sendFile(
  path: string,
  target: URL,
  authorization: string,
  onSent: OnSent,
): Promise<string> {
  const { handle, size } = await openFile(path);
  const source = handle.createReadStream();
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(target, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'content-length': size, authorization },
  });
  const answered = new Promise<string>((resolve, reject) => {
    source.on('error', (error) => reject(unreadable(path, error)));
    request
      .on('response', (response) => resolve(text(response)))
      .on('error', (error) => reject(gatewayUnreachable(target.origin, error)));
  });
  // An early answer ends the upload: a refusal says why, and a dry run needs no more.
  const enough = new AbortController();
  const uploading = pipeline(source, meter(size, onSent), request, { signal: enough.signal });
  const uploaded = uploading.catch(() => answered);
  const answer = await answered.finally(() => enough.abort());
  await uploaded;
  return answer;
}

async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    // Before it is opened: to open a pipe waits until somebody writes to it.
    const found = await stat(path);
    if (found.isFile()) return { handle: await open(path), size: found.size };
    throw new CliError(
      found.isDirectory()
        ? `${path} is a folder. Name a file in it.`
        : `${path} is not a regular file. Write its content to one, and name that.`,
    );
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CliError {
  const { code, errno } = isSystemError(error) ? error : {};
  if (code === 'ENOENT') return new CliError(`There is no file ${path}.`);
  const reason = errno === undefined ? String(error) : getSystemErrorMessage(errno);
  return new CliError(`The file ${path} can't be read: ${reason}.`, { cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}

function meter(total: number, onSent: OnSent): Transform {
  let sent = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      onSent(sent, total);
      done(null, chunk);
    },
  });
}
