import { createSchema } from 'graphql-yoga';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await createTestSubgraph(() => null, {
    schema: createSchema({
      typeDefs: /* GraphQL */ `
        scalar Any
        type Query { echo(text: String, input: Input, ids: [ID!]): String nested(value: Any): Boolean }
        input Input { name: String }
      `,
      resolvers: { Query: { echo: (_root, args) => JSON.stringify(args), nested: () => true } },
    }),
  });
});
afterAll(() => subgraph.dispose());

const VARIABLES = /* GraphQL */ `
  query ($text: String, $input: Input, $ids: [ID!]) { echo(text: $text, input: $input, ids: $ids) }
`;

it.each<[string, Record<string, unknown>, string]>([
  ['a text', { text: 'a\u0000b' }, 'text'],
  ['a field of an input', { input: { name: '\u0000' } }, 'input.name'],
  ['an id in a list', { ids: ['a', 'b\u0000'] }, 'ids.1'],
])('refuses a null character in %s among the variables', async (_what, variables, field) => {
  const { body } = await subgraph.post(VARIABLES, {}, variables);

  expect(body.errors).toMatchObject([
    {
      message: `"${field}" has a null character (U+0000) in it. Take it out.`,
      extensions: { code: 'BAD_USER_INPUT', field },
    },
  ]);
});

it.each([
  ['as an escape', '{ echo(text: "\\u0000") }', 'text'],
  ['as an escape of variable length', '{ echo(text: "a\\u{0}") }', 'text'],
  ['as it is', '{ echo(text: "\u0000") }', 'text'],
  ['in a block', '{ echo(text: """\u0000""") }', 'text'],
  ['in a field of an input', '{ echo(input: { name: "\\u0000" }) }', 'input.name'],
  ['in a default', 'query ($text: String = "\\u0000") { echo(text: $text) }', 'text'],
])('refuses a null character %s in the document, every time', async (_what, query, field) => {
  for (const _time of ['first', 'again']) {
    const { body } = await subgraph.post(query);

    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  }
});

it('takes what only looks like one', async () => {
  const { body } = await subgraph.post(VARIABLES, {}, { text: '\\u0000' });

  expect(body).toEqual({ data: { echo: '{"text":"\\\\u0000"}' } });
});

it('refuses a null character in a key', async () => {
  const { body } = await subgraph.post(VARIABLES, {}, { input: { 'na\u0000me': 'x' } });

  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input' } }]);
});

it.each([
  ['lists', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
  ['objects', (depth: number) => `${'{a:'.repeat(depth)}1${'}'.repeat(depth)}`],
])('refuses %s in the document that are nested more than a hundred deep', async (_what, nested) => {
  const asked = (depth: number) => subgraph.post(`{ nested(value: ${nested(depth)}) }`);

  expect((await asked(100)).body).toEqual({ data: { nested: true } });
  expect((await asked(101)).body.errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

it('refuses variables that are nested more than a hundred deep', async () => {
  const asked = (depth: number) =>
    subgraph.post('query ($value: Any) { nested(value: $value) }', {}, { value: deepList(depth) });

  expect((await asked(100)).body).toEqual({ data: { nested: true } });
  expect((await asked(101)).body.errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', field: 'value' } },
  ]);
});

function deepList(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
}

it('refuses them however deep they are', async () => {
  const deep = `${'['.repeat(20_000)}"\\u0000"${']'.repeat(20_000)}`;

  const response = await subgraph.server.fetch('http://subgraph/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{ "query": "{ echo }", "variables": { "deep": ${deep} } }`,
  });

  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});
