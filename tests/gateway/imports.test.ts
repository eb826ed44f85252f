import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../src/platform/errors.ts';
import type { RouteHandler } from '../../src/platform/http/routes.ts';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
afterEach(() => supergraph.dispose());

async function serveImports(handler: RouteHandler): Promise<void> {
  supergraph = await startTestSupergraph({
    identity: { sdl: 'type Query { a: Int }', routes: { 'POST /imports': handler } },
  });
}

async function startUpload(headers: Record<string, string> = {}): Promise<ClientRequest> {
  return request(`${supergraph.url}/imports?profile=siteImport`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await supergraph.token('ada@example.org')}`,
      'content-type': 'text/csv',
      ...headers,
    },
  });
}

async function answerOf(upload: ClientRequest) {
  const [answer]: IncomingMessage[] = await once(upload, 'response');
  return { status: answer?.statusCode, body: answer ? await text(answer) : '', answer };
}

describe('an upload', () => {
  it('arrives while it is still being sent', async () => {
    const firstArrived = Promise.withResolvers<void>();
    await serveImports(async (incoming, response) => {
      let received = '';
      for await (const chunk of incoming) {
        received += chunk;
        firstArrived.resolve();
      }
      response.end(received);
    });
    const upload = await startUpload();
    upload.write('first,');

    await firstArrived.promise;
    upload.end('last');

    expect(await answerOf(upload)).toMatchObject({ status: 200, body: 'first,last' });
  });

  it('is held back where identity does not keep up, not held in memory', async () => {
    const resume = Promise.withResolvers<void>();
    await serveImports(async (incoming, response) => {
      await resume.promise;
      let bytes = 0;
      for await (const chunk of incoming) bytes += chunk.length;
      response.end(`${bytes}`);
    });
    const megabyte = Buffer.alloc(1_000_000);
    const upload = await startUpload();
    let sent = 0;

    while (sent < 100 && upload.write(megabyte)) sent += 1;
    const heldBack = sent < 100;
    resume.resolve();
    await once(upload, 'drain');
    upload.end();

    expect(heldBack).toBe(true);
    expect((await answerOf(upload)).body).toBe(`${(sent + 1) * megabyte.length}`);
  });

  it('carries caller, request id, parameters and content type, and no other header', async () => {
    await serveImports(async ({ url, headers }, response, { caller, requestId }) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify([caller?.email, requestId, url, headers['content-type'], headers.cookie]),
      );
    });
    const upload = await startUpload({ 'x-request-id': 'r-1', cookie: 'a=b' });
    upload.end();

    const { body, answer } = await answerOf(upload);

    expect(JSON.parse(body)).toEqual([
      'ada@example.org',
      'r-1',
      '/imports?profile=siteImport',
      'text/csv',
      null,
    ]);
    expect(answer?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': 'r-1',
    });
  });

  it.each(['Bearer bad', ''])(
    'is refused at the gateway with the header "%s"',
    async (authorization) => {
      let asked = false;
      await serveImports(async (_incoming, response) => {
        asked = true;
        response.end();
      });
      const response = await fetch(`${supergraph.url}/imports`, {
        method: 'POST',
        headers: authorization ? { authorization } : {},
        body: 'a,b',
      });

      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
      expect(asked).toBe(false);
    },
  );

  it("gets identity's refusal while it is still being sent", async () => {
    await serveImports(async () => {
      throw new ExpectedError('BAD_USER_INPUT', 'No such profile.', { field: 'profile' });
    });
    const upload = await startUpload();
    upload.write('first,');

    const { status, body } = await answerOf(upload);
    upload.end('last');

    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      errors: [
        { message: 'No such profile.', extensions: { code: 'BAD_USER_INPUT', field: 'profile' } },
      ],
    });
  });

  it('ends at identity when the client goes away', async () => {
    const arrived = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string>();
    await serveImports(async (incoming, response) => {
      incoming.once('data', () => arrived.resolve());
      await once(incoming, 'error').then(([error]) => ended.resolve(error.code));
      response.destroy();
    });
    const upload = await startUpload();
    upload.on('error', () => {});
    upload.write('first,');
    await arrived.promise;

    upload.destroy();

    expect(await ended.promise).toBe('ECONNRESET');
  });

  it('fails without an address when identity is away', async () => {
    await serveImports(async () => {});
    await supergraph.stopSubgraphs();
    const upload = await startUpload({ 'x-request-id': 'r-2' });
    upload.end('a,b');

    const { status, body } = await answerOf(upload);

    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-2' } }],
    });
    expect(body).not.toContain('127.0.0.1');
  });
});
