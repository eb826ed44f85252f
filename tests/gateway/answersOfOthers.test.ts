import { afterEach, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
afterEach(() => supergraph.dispose());

describe('the same query by two people at the same time', () => {
  it('answers each with their own data', async () => {
    const bothArrived = Promise.withResolvers<void>();
    let arrived = 0;
    supergraph = await startTestSupergraph({
      identity: {
        sdl: 'type Query { whoami: String }',
        resolvers: {
          Query: {
            whoami: async (_root, _args, { caller }) => {
              arrived += 1;
              if (arrived === 2) bothArrived.resolve();
              await bothArrived.promise;
              return caller?.email;
            },
          },
        },
      },
    });
    // The same request id, so that the requests differ in nothing but the token.
    const ask = (email: string) =>
      supergraph.ask('{ whoami }', { email, headers: { 'x-request-id': 'same' } });

    const [ada, bob] = await Promise.all([ask('ada@example.org'), ask('bob@example.org')]);

    expect(ada.data).toEqual({ whoami: 'ada@example.org' });
    expect(bob.data).toEqual({ whoami: 'bob@example.org' });
  });
});
