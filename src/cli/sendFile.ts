import { type FileHandle, open, stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getSystemErrorMessage } from 'node:util';
import { CliError, gatewayUnreachable } from './cliError.ts';

/** Told how many bytes of how many have been sent. */
export type OnSent = (sent: number, total: number) => void;

/**
 * Sends a CSV file to the gateway, as a stream.
 *
 * @throws CliError for a file that can't be read, and when the gateway does not answer
 */
export async function sendFile(
  path: string,
  target: URL,
  authorization: string,
  onSent: OnSent,
): Promise<IncomingMessage> {
  const { handle, size } = await openFile(path);
  const source = handle.createReadStream();
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(target, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'content-length': size, authorization },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    source.on('error', (error) => reject(unreadable(path, error)));
    request
      .on('response', resolve)
      .on('error', (error) => reject(gatewayUnreachable(target.origin, error)));
  });
  // An early refusal ends the upload; the answer says why.
  const uploaded = pipeline(source, meter(size, onSent), request).catch(() => answered);
  const [response] = await Promise.all([answered, uploaded]);
  return response;
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
