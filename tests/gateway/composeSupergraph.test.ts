import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../src/gateway/composeSupergraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@requires"])\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compose-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function compose(
  subgraphs: Record<string, string>,
  { url = 'http://127.0.0.1:4001/graphql', environment = {} as NodeJS.ProcessEnv } = {},
) {
  const file = join(directory, 'supergraph.yaml');
  const entries = Object.keys(subgraphs).map(
    (name) => `  ${name}:\n    routing_url: ${url}\n    schema: { file: ./${name}.graphql }\n`,
  );
  await writeFile(file, `federation_version: =2.9.3\nsubgraphs:\n${entries.join('')}`);
  for (const [name, sdl] of Object.entries(subgraphs)) {
    await writeFile(join(directory, `${name}.graphql`), LINK + sdl);
  }
  return composeSupergraph(file, environment);
}

const QUERY = 'type Query { a: Int }';

describe('the committed subgraphs', () => {
  it('compose', async () => {
    const file = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));

    const { subgraphs } = await composeSupergraph(file, {});

    expect(subgraphs.map(({ name, url }) => [name, url])).toEqual([
      ['identity', 'http://127.0.0.1:4001/graphql'],
      ['enrollment', 'http://127.0.0.1:4002/graphql'],
    ]);
  });
});

const variable = (expression: string) => `\${env.${expression}}`;

describe('variables in the configuration', () => {
  const url = `http://127.0.0.1:${variable('PORT:-4001')}/${variable('PATH_NAME')}`;

  it('are expanded, to their default where they are not set', async () => {
    const environment = { PATH_NAME: 'graphql' };

    const { subgraphs } = await compose({ identity: QUERY }, { url, environment });

    expect(subgraphs[0]?.url).toBe('http://127.0.0.1:4001/graphql');
  });

  it('are named where they are neither set nor have a default', async () => {
    await expect(compose({ identity: QUERY }, { url })).rejects.toThrow(
      'subgraphs.identity.routing_url: the environment variable PATH_NAME is not set',
    );
  });
});

describe('what does not compose', () => {
  it.each([
    [
      'a field that two subgraphs resolve',
      { identity: 'type Query { a: Int }', enrollment: 'type Query { a: Int }' },
      ['"Query.a"', '"identity"', '"enrollment"'],
    ],
    [
      'a type that does not exist',
      { identity: 'type Query { a: Missing }', enrollment: 'type Query { b: Int }' },
      ['[identity]', 'Missing', 'Query.a'],
    ],
    [
      'a key that does not exist',
      { identity: 'type Query { a: A } type A @key(fields: "nope") { id: ID! }' },
      ['[identity]', '"A"', '"nope"'],
    ],
    [
      'an unreachable field',
      {
        identity: 'type Query { a: A } type A @shareable { id: ID! }',
        enrollment: 'type Query { b: Int } type A @shareable { x: Int }',
      },
      ['"A.x"', '"enrollment"'],
    ],
    ['a syntax error', { identity: 'type Query {' }, ['[identity]', 'identity.graphql:2:13']],
  ])('is explained: %s', async (_what, subgraphs: Record<string, string>, named) => {
    const composing = compose(subgraphs);

    for (const name of named) await expect(composing).rejects.toThrow(name);
  });

  it('names a schema file that is missing', async () => {
    const file = join(directory, 'supergraph.yaml');
    await writeFile(
      file,
      'subgraphs: { identity: { routing_url: "http://a", schema: { file: gone.graphql } } }',
    );

    await expect(composeSupergraph(file, {})).rejects.toThrow(/\[identity\].*gone\.graphql/);
  });

  it('names an entry of the configuration that is wrong', async () => {
    const file = join(directory, 'supergraph.yaml');
    await writeFile(file, 'subgraphs: { identity: { routing_url: "no URL", schema: {} } }');

    await expect(composeSupergraph(file, {})).rejects.toThrow(
      /subgraphs\.identity\.routing_url: must be an http\(s\) URL\n- subgraphs\.identity\.schema\.file/,
    );
  });
});
