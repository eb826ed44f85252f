import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';
import { expect, it } from 'vitest';
import { composeSupergraph } from '../../src/gateway/composeSupergraph.ts';
import { readSupergraphConfig } from '../../src/gateway/supergraphConfig.ts';

const CONFIG = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));

/** What clients see of a supergraph. */
function apiSchema(supergraphSdl: string): string {
  return printSchema(
    lexicographicSortSchema(Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema()),
  );
}

it('has the same API whether ours or Apollo’s composer composes it', async () => {
  const { sdl } = await composeSupergraph(CONFIG, {});
  const subgraphs = await readSupergraphConfig(CONFIG, {});
  const services = await Promise.all(
    subgraphs.map(async ({ name, url, sdlFile }) => ({
      ...{ name, url },
      typeDefs: parse(await readFile(sdlFile, 'utf8')),
    })),
  );

  const theirs = composeServices(services);

  expect(theirs.errors).toBeUndefined();
  expect(apiSchema(theirs.supergraphSdl ?? '')).toBe(apiSchema(sdl));
});
