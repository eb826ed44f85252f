import { afterEach, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
afterEach(async () => {
  await subgraph.server.stop();
  await subgraph.dispose();
});

it('tells resolvers when the caller has gone away', async () => {
  const begun = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<string>();
  subgraph = await createTestSubgraph((_root, _args, { request }) => {
    request.signal.addEventListener('abort', () => gone.resolve('gone'));
    begun.resolve();
    return gone.promise;
  });
  const { url } = await subgraph.server.start();
  const caller = new AbortController();
  const answer = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ value }' }),
    signal: caller.signal,
  });
  await begun.promise;

  caller.abort();

  await expect(answer).rejects.toThrow();
  expect(await gone.promise).toBe('gone');
});
