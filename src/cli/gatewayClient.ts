import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CliError } from './cliError.ts';

const errorsSchema = z.object({
  errors: z.tuple(
    [
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional() }).optional(),
      }),
    ],
    z.unknown(),
  ),
});

/** The gateway, as the CLI's only way to the data. */
export interface GatewayClient {
  /**
   * @param shape - of the answer's `data`
   * @throws CliError with the gateway's own message when it refuses
   */
  query<T>(document: string, variables: object, shape: z.ZodType<T>): Promise<T>;
  /**
   * Sends a file to `POST /imports` as a stream.
   *
   * @param onProgress - told how many bytes of how many have been sent
   */
  upload<T>(
    path: string,
    parameters: URLSearchParams,
    shape: z.ZodType<T>,
    onProgress: (sent: number, total: number) => void,
  ): Promise<T>;
}

/** @param url - of the gateway, without a path */
export function createGatewayClient(url: string, token: string): GatewayClient {
  const authorization = `Bearer ${token}`;
  return {
    async query(document, variables, shape) {
      const response = await fetch(new URL('/graphql', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
        body: JSON.stringify({ query: document, variables }),
      }).catch((error: unknown) => {
        throw unreachable(url, error);
      });
      return readAnswer(await response.text(), z.object({ data: shape })).data;
    },
    async upload(path, parameters, shape, onProgress) {
      const target = new URL(`/imports?${parameters}`, url);
      const response = await sendFile(path, target, authorization, onProgress);
      return readAnswer(await text(response), shape);
    },
  };
}

function readAnswer<T>(body: string, shape: z.ZodType<T>): T {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new CliError(`The gateway answered what is not JSON: ${body.slice(0, 200)}`);
  }
  const refusal = errorsSchema.safeParse(answer);
  if (refusal.success) {
    const [{ message, extensions }] = refusal.data.errors;
    throw new CliError(
      extensions?.code === undefined ? message : `${message} (${extensions.code})`,
    );
  }
  return shape.parse(answer);
}

function unreachable(url: string, cause: unknown): CliError {
  return new CliError(
    `The gateway at ${url} does not answer. Start it with "npm start", or name another by --gateway or GATEWAY_PORT.`,
    { cause },
  );
}

async function sendFile(
  path: string,
  target: URL,
  authorization: string,
  onProgress: (sent: number, total: number) => void,
): Promise<IncomingMessage> {
  const { size } = await stat(path).catch(() => {
    throw new CliError(`There is no file ${path}.`);
  });
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(target, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'content-length': size, authorization },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request
      .on('response', resolve)
      .on('error', (error) => reject(unreachable(target.origin, error)));
  });
  let sent = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      onProgress(sent, size);
      done(null, chunk);
    },
  });
  // An early refusal ends the upload; the answer says why.
  const uploaded = pipeline(createReadStream(path), meter, request).catch(() => answered);
  const [response] = await Promise.all([answered, uploaded]);
  return response;
}
