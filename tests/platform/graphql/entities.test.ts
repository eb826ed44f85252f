import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

const schema = () =>
  buildSubgraphSchema([
    {
      typeDefs: parse(`
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Query { value: String }
        type Site @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Site: {
          __resolveReference(reference: { id: string }) {
            if (reference.id === 'broken') throw new Error('secret');
            return reference;
          },
        },
      },
    },
  ]);

let subgraph: TestSubgraph;
beforeEach(async () => {
  subgraph = await createTestSubgraph(() => null, { schema: schema() });
});
afterEach(() => subgraph.dispose());

const site = { __typename: 'Site', id: '1' };
const QUERY =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Site { id } } }';

const resolve = (representations: readonly unknown[]) =>
  subgraph.post(QUERY, {}, { representations });

describe('entities', () => {
  it.each([
    ['of an unknown type', { __typename: 'Nope', id: '1' }],
    ['without a type', { id: '1' }],
    ['that is no object', 1],
  ])('answer null for a representation %s, and the others', async (_what, bad) => {
    const { body } = await resolve([bad, site]);

    expect(body).toEqual({ data: { _entities: [null, { id: '1' }] } });
  });

  it('fail alone', async () => {
    const { body } = await resolve([{ ...site, id: 'broken' }, site]);

    expect(body.data).toEqual({ _entities: [null, { id: '1' }] });
    expect(body.errors).toMatchObject([{ path: ['_entities', 0] }]);
  });

  it('are refused where there are too many', async () => {
    const { body } = await resolve(Array.from({ length: 10_001 }, () => site));

    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
