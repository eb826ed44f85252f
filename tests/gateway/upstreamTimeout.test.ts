import { afterEach, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

const NEVER = new Promise<never>(() => {});

let supergraph: TestSupergraph;
afterEach(() => supergraph.dispose());

describe('a subgraph that does not answer in time', () => {
  it.each(['query', 'mutation'])('fails a %s, and names no upstream address', async (operation) => {
    supergraph = await startTestSupergraph(
      {
        identity: {
          sdl: 'type Query { slow: Int } type Mutation { slow: Int }',
          resolvers: { Query: { slow: () => NEVER }, Mutation: { slow: () => NEVER } },
        },
      },
      { upstreamTimeouts: { query: 50, mutation: 50 } },
    );

    const { errors, headers, ...answer } = await supergraph.ask(`${operation} { slow }`);

    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'INTERNAL_SERVER_ERROR',
          requestId: headers.get('x-request-id'),
        },
      },
    ]);
    expect(JSON.stringify({ ...answer, errors })).not.toContain('127.0.0.1');
  });

  it('is told that nobody waits for it any more', async () => {
    const gone = Promise.withResolvers<void>();
    supergraph = await startTestSupergraph(
      {
        identity: {
          sdl: 'type Query { none: Int } type Mutation { slow: Int }',
          resolvers: {
            Mutation: {
              slow: (_root, _args, { request }) => {
                request.signal.addEventListener('abort', () => gone.resolve());
                return gone.promise;
              },
            },
          },
        },
      },
      { upstreamTimeouts: { query: 50, mutation: 50 } },
    );

    await supergraph.ask('mutation { slow }');

    await gone.promise;
  });
});

describe('a subscription', () => {
  it('lives on when queries would have timed out', async () => {
    const released = Promise.withResolvers<void>();
    supergraph = await startTestSupergraph(
      {
        identity: {
          sdl: 'type Query { slow: Int } type Subscription { ticks: Int }',
          resolvers: {
            Query: { slow: () => NEVER },
            Subscription: {
              ticks: {
                async *subscribe() {
                  yield { ticks: 1 };
                  await released.promise;
                  yield { ticks: 2 };
                },
              },
            },
          },
        },
      },
      { upstreamTimeouts: { query: 100, mutation: 100 } },
    );
    const subscription = await fetch(`${supergraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { ticks }' }),
    });

    await supergraph.ask('{ slow }');
    released.resolve();

    const events = (await subscription.text()).match(/^data: .+$/gm);
    expect(events).toEqual(['data: {"data":{"ticks":1}}', 'data: {"data":{"ticks":2}}']);
  });

  it('does not keep the gateway from stopping', { timeout: 8_000 }, async () => {
    supergraph = await startTestSupergraph({
      identity: {
        sdl: 'type Query { slow: Int } type Subscription { ticks: Int }',
        resolvers: {
          Query: { slow: () => NEVER },
          Subscription: {
            ticks: {
              async *subscribe() {
                yield { ticks: 1 };
                await NEVER;
              },
            },
          },
        },
      },
    });
    const subscription = await fetch(`${supergraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { ticks }' }),
    });
    await subscription.body?.getReader().read();

    await supergraph.gateway.stop();
  });
});
