import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createIdentityClient } from '../../../../src/domains/enrollment/services/identityClient.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const logger = createLogger('enrollment', { logLevel: 'silent' });
const credentials = { authorization: 'Bearer token', requestId: 'request-1' };

let identity: Server;
afterEach(() => {
  identity.close();
});

async function answering(status: number, body: unknown) {
  const requests: Record<string, unknown>[] = [];
  identity = createServer((request, response) => {
    requests.push(request.headers);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(identity, 'listening');
  const { port } = identity.address() as AddressInfo;
  return { client: createIdentityClient(`http://127.0.0.1:${port}/graphql`, logger), requests };
}

describe('asking identity', () => {
  it("passes on the caller's token and the request id", async () => {
    const { client, requests } = await answering(200, { data: { me: { memberships: [] } } });

    await client.rolesOf(credentials);

    expect(requests).toMatchObject([
      { authorization: 'Bearer token', 'x-request-id': 'request-1' },
    ]);
  });

  it.each([
    [
      'an error',
      200,
      { errors: [{ message: 'oops', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ],
    ['no JSON', 502, '<html>'],
    ['something else', 200, { data: { me: { memberships: [{ role: 'KING' }] } } }],
  ])('fails closed when it answers %s', async (_what, status, body) => {
    const { client } = await answering(status, body);

    await expect(client.rolesOf(credentials)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('hands on that the token is refused', async () => {
    const { client } = await answering(401, {
      errors: [{ message: 'The token has expired.', extensions: { code: 'UNAUTHENTICATED' } }],
    });

    await expect(client.rolesOf(credentials)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The token has expired.',
    });
  });
});
