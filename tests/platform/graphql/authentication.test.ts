import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
beforeEach(async () => {
  subgraph = await createTestSubgraph((_root, _args, { caller }) => caller?.email ?? 'nobody');
});
afterEach(() => subgraph.dispose());

describe('a request', () => {
  it('without a token is served, as nobody', async () => {
    const { body } = await subgraph.post('{ value }');

    expect(body).toEqual({ data: { value: 'nobody' } });
  });

  it('with a good token is served as its person', async () => {
    const authorization = `Bearer ${await subgraph.token('ada@example.org')}`;

    const { body } = await subgraph.post('{ value }', { authorization });

    expect(body).toEqual({ data: { value: 'ada@example.org' } });
  });

  it('with a bad token is refused as a whole', async () => {
    const { status, headers, body } = await subgraph.post('{ value }', {
      authorization: 'Bearer bad',
      accept: 'application/graphql-response+json',
    });

    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({
      errors: [{ message: 'The token is malformed.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('with a bad token gets a body that clients of application/json read', async () => {
    const { status, body } = await subgraph.post('{ value }', {
      authorization: 'Bearer bad',
      accept: 'application/json',
    });

    expect(status).toBe(200);
    expect(body.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});
