import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/platform/errors.ts';
import type { RouteHandler } from '../../../src/platform/http/routes.ts';
import { createTestSubgraph, type TestSubgraph } from '../graphql/testSubgraph.ts';

let subgraph: TestSubgraph;
afterEach(() => subgraph.dispose());

async function serve(handler: RouteHandler): Promise<string> {
  subgraph = await createTestSubgraph(() => null, { routes: { 'POST /imports': handler } });
  const { url } = await subgraph.server.start();
  return `${url}/imports?format=csv`;
}

describe('a route', () => {
  it('streams: it answers before the body has ended', async () => {
    const url = await serve(async (incoming, response) => {
      for await (const chunk of incoming) response.write(chunk);
      response.end();
    });
    const upload = request(url, { method: 'POST' });
    upload.write('first ');
    const [answer]: IncomingMessage[] = await once(upload, 'response');

    upload.end('last');

    expect(answer && (await text(answer))).toBe('first last');
  });

  it('knows its caller and the request id, and echoes the id', async () => {
    const url = await serve(async (_request, response, { caller, requestId }) => {
      response.end(`${caller?.email} ${requestId}`);
    });
    const authorization = `Bearer ${await subgraph.token('ada@example.org')}`;

    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization, 'x-request-id': 'r-1' },
    });

    expect(response.headers.get('x-request-id')).toBe('r-1');
    expect(await response.text()).toBe('ada@example.org r-1');
  });

  it('is not run with a bad token', async () => {
    const url = await serve(async (_request, response) => {
      response.end('ran');
    });

    const response = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer bad' } });

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      errors: [{ message: 'The token is malformed.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('answers an expected error with its status, code and details', async () => {
    const url = await serve(async () => {
      throw new ExpectedError('BAD_USER_INPUT', 'No such profile.', { field: 'profile' });
    });

    const response = await fetch(url, { method: 'POST' });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [
        { message: 'No such profile.', extensions: { code: 'BAD_USER_INPUT', field: 'profile' } },
      ],
    });
  });

  it('masks an unexpected error', async () => {
    const url = await serve(async () => {
      throw new Error('secret');
    });

    const response = await fetch(url, { method: 'POST', headers: { 'x-request-id': 'r-2' } });

    expect(response.status).toBe(500);
    const body = await response.json();
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-2' } }],
    });
  });

  it('breaks the connection when it fails in the middle of its answer', async () => {
    const received = Promise.withResolvers<void>();
    const url = await serve(async (_request, response) => {
      response.write('half');
      await received.promise;
      throw new Error('the disk is full');
    });

    const response = await fetch(url, { method: 'POST' });
    received.resolve();

    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('does not answer another method', async () => {
    const url = await serve(async (_request, response) => {
      response.end('ran');
    });

    expect((await fetch(url)).status).toBe(404);
  });
});
