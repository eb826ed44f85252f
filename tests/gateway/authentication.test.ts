import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
const resolve = vi.fn(() => 'value');

beforeAll(async () => {
  supergraph = await startTestSupergraph({
    identity: {
      sdl: 'type Query { open: String reserved: String @authenticated }',
      resolvers: { Query: { open: resolve, reserved: resolve } },
    },
  });
});
beforeEach(() => {
  resolve.mockClear();
});
afterAll(() => supergraph.dispose());

describe('a field that the schema reserves for who is signed in', () => {
  it('is refused by the gateway itself without a token', async () => {
    const { data, errors } = await supergraph.ask('{ reserved }');

    expect(data?.reserved ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(resolve).not.toHaveBeenCalled();
  });

  it('is served with a token', async () => {
    const { data } = await supergraph.ask('{ reserved }', { email: 'ada@example.org' });

    expect(data).toEqual({ reserved: 'value' });
  });
});

describe('a token that is refused', () => {
  it('ends the request at the gateway, and the caller is told why', async () => {
    const { data, errors } = await supergraph.ask('{ open }', {
      headers: { authorization: 'Bearer bad' },
    });

    expect(data ?? null).toBeNull();
    expect(errors).toEqual([
      { message: 'The token is malformed.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(resolve).not.toHaveBeenCalled();
  });
});
