import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import { Agent as SecureAgent, request as sendSecureRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { unauthenticated } from '../platform/errors.ts';
import { REQUEST_ID_HEADER } from '../platform/http/requestId.ts';
import type { RouteContext, RouteHandler } from '../platform/http/routes.ts';

const PASSED_ON = ['accept', 'content-encoding', 'content-length', 'content-type'];
const PASSED_BACK = ['content-length', 'content-type'];

/**
 * Every upload has a connection of its own: a pooled one may just be closing, and what has been
 * streamed can't be sent again. It still asks to be kept alive, because a server that may close
 * at once resets the connection under an upload that it refuses early.
 */
const CONNECTIONS = { keepAlive: true, maxFreeSockets: 0 };
const agent = new Agent(CONNECTIONS);
const secureAgent = new SecureAgent(CONNECTIONS);

/**
 * Streams uploads on to the identity subgraph, and its answer back. Neither is ever held in
 * memory, and a client that goes away ends the upload there too.
 *
 * @param url - where identity takes imports
 */
export function createImportsProxy(url: URL): RouteHandler {
  return async (request, response, context) => {
    if (context.caller === null) throw unauthenticated('Sign in: this takes a bearer token.');

    const upload = openUpload(url, request, context);
    const clientLeft = (): boolean => response.destroyed && !response.writableFinished;
    response.once('close', () => upload.destroy());
    try {
      request.pipe(upload);
      const answer = await answerTo(upload);
      response.writeHead(answer.statusCode ?? 502, pick(answer, PASSED_BACK));
      await pipeline(answer, response);
    } catch (error) {
      if (!clientLeft()) throw error;
    } finally {
      // What is left of an upload that was refused is read and dropped, so that the client gets
      // to read why.
      request.unpipe(upload);
      request.resume();
    }
  };
}

function openUpload(
  url: URL,
  request: IncomingMessage,
  { authorization, requestId }: RouteContext,
): ClientRequest {
  const target = new URL(url);
  target.search = new URL(request.url ?? '', url).search;
  const headers = {
    ...pick(request, PASSED_ON),
    ...(authorization === null ? {} : { authorization }),
    [REQUEST_ID_HEADER]: requestId,
  };
  return target.protocol === 'https:'
    ? sendSecureRequest(target, { method: 'POST', agent: secureAgent, headers })
    : sendRequest(target, { method: 'POST', agent, headers });
}

async function answerTo(upload: ClientRequest): Promise<IncomingMessage> {
  // Stays for errors after the answer has begun, which would end the process otherwise.
  upload.on('error', () => {});
  const [answer]: IncomingMessage[] = await once(upload, 'response');
  if (answer === undefined) throw new Error('The identity subgraph gave no answer.');
  return answer;
}

function pick({ headers }: IncomingMessage, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}
