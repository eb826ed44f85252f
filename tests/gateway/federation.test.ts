import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
const requestIds: string[] = [];

beforeAll(async () => {
  supergraph = await startTestSupergraph({
    identity: {
      sdl: 'type Query { device: Device } type Device @key(fields: "id") { id: ID! model: String }',
      resolvers: {
        Query: {
          device: (_root, _args, { requestId }) => {
            requestIds.push(requestId);
            return { id: '1', model: 'M1' };
          },
        },
      },
    },
    enrollment: {
      sdl: 'type Query { whoami: String } type Device @key(fields: "id") { id: ID! enrollments: [String!] }',
      resolvers: {
        Query: { whoami: (_root, _args, { caller }) => caller?.email },
        Device: {
          enrollments: (_root, _args, { caller, requestId }) => {
            requestIds.push(requestId);
            return [`enrolled for ${caller?.email}`];
          },
        },
      },
    },
  });
});
afterAll(() => supergraph.dispose());

const DEVICE = '{ device { model enrollments } }';

describe('a query across subgraphs', () => {
  it('joins what they know of the same entity', async () => {
    const { data, errors } = await supergraph.ask(DEVICE, { email: 'ada@example.org' });

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      device: { model: 'M1', enrollments: ['enrolled for ada@example.org'] },
    });
  });

  it('has one request id, which the client may choose, in all of them', async () => {
    requestIds.length = 0;

    const { headers } = await supergraph.ask(DEVICE, { headers: { 'x-request-id': 'chosen-1' } });

    expect(headers.get('x-request-id')).toBe('chosen-1');
    expect(requestIds).toEqual(['chosen-1', 'chosen-1']);
  });

  it('gets a new request id where it brought one that is not fit for logs', async () => {
    requestIds.length = 0;

    const { headers } = await supergraph.ask(DEVICE, { headers: { 'x-request-id': 'a b' } });

    const id = headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestIds).toEqual([id, id]);
  });
});

describe('the gateway', () => {
  it('is healthy, and ready when its subgraphs are', async () => {
    expect((await fetch(`${supergraph.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${supergraph.url}/readyz`)).status).toBe(200);
  });

  it('opens GraphiQL in a browser in development', async () => {
    const response = await fetch(`${supergraph.url}/graphql`, { headers: { accept: 'text/html' } });

    expect(response.headers.get('content-type')).toContain('text/html');
  });
});
