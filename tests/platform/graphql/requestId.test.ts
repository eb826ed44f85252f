import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

const UUID = /^[0-9a-f-]{36}$/;

let subgraph: TestSubgraph;
beforeEach(async () => {
  subgraph = await createTestSubgraph((_root, _args, { requestId }) => requestId);
});
afterEach(() => subgraph.dispose());

describe('the request id', () => {
  it('is the one that came, known to resolvers and echoed', async () => {
    const { headers, body } = await subgraph.post('{ value }', { 'x-request-id': 'abc-1' });

    expect(headers.get('x-request-id')).toBe('abc-1');
    expect(body.data?.value).toBe('abc-1');
  });

  it.each([undefined, 'two words', 'x'.repeat(129), '{"level":50}'])(
    'is a new one instead of %s',
    async (given) => {
      const { headers } = await subgraph.post(
        '{ value }',
        given === undefined ? {} : { 'x-request-id': given },
      );

      expect(headers.get('x-request-id')).toMatch(UUID);
    },
  );
});
