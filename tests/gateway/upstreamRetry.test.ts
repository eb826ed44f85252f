import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
let subgraph: Server;
let received: string[];

/** A subgraph that carries out its first request and loses the connection before it answers. */
beforeEach(async () => {
  received = [];
  subgraph = createServer(async (request, response) => {
    received.push(await text(request));
    if (received.length === 1) response.destroy();
    else response.setHeader('content-type', 'application/json').end('{"data":{"count":1}}');
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const { port } = subgraph.address() as AddressInfo;
  supergraph = await startTestSupergraph({
    identity: {
      sdl: 'type Query { count: Int } type Mutation { count: Int }',
      url: `http://127.0.0.1:${port}`,
    },
  });
});
afterEach(async () => {
  await supergraph.dispose();
  subgraph.close();
});

describe('when the answer of a subgraph gets lost', () => {
  it('a query is asked again', async () => {
    const { data } = await supergraph.ask('{ count }');

    expect(data).toEqual({ count: 1 });
    expect(received).toHaveLength(2);
  });

  it('a mutation is not', async () => {
    const { errors } = await supergraph.ask('mutation { count }');

    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(received).toHaveLength(1);
  });
});
