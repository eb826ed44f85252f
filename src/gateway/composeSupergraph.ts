import { readFile } from 'node:fs/promises';
import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import { CompositionError } from './compositionError.ts';
import { coordinateAt } from './coordinateAt.ts';
import { readSupergraphConfig, type SubgraphConfig } from './supergraphConfig.ts';

/** A composed supergraph: what Hive Router or Apollo Router would serve as `supergraph.graphql`. */
export interface Supergraph {
  readonly sdl: string;
  readonly subgraphs: readonly SubgraphConfig[];
}

interface Subgraph extends SubgraphConfig {
  readonly typeDefs: DocumentNode;
}

/**
 * Composes the subgraphs that a configuration lists, from their SDL files.
 *
 * @param configFile - path of a `supergraph.yaml` in rover's format
 * @param environment - what variables in it are expanded from
 * @throws {@link CompositionError} naming subgraph, type and field of every problem
 */
export async function composeSupergraph(
  configFile: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Supergraph> {
  const configs = await readSupergraphConfig(configFile, environment);
  const read = await Promise.all(configs.map(readSubgraph));
  const unreadable = read.filter((result) => typeof result === 'string');
  if (unreadable.length > 0) throw new CompositionError(configFile, unreadable);

  const subgraphs = read.filter((result) => typeof result !== 'string');
  const result = compose(subgraphs);
  if ('problems' in result) throw new CompositionError(configFile, result.problems);
  return { sdl: result.sdl, subgraphs: configs };
}

/** @returns the problem where the SDL can't be read or parsed */
async function readSubgraph(config: SubgraphConfig): Promise<Subgraph | string> {
  const { name, sdlFile } = config;
  try {
    const sdl = await readFile(sdlFile, 'utf8');
    return { ...config, typeDefs: parse(new Source(sdl, sdlFile)) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) return `[${name}] ${describe(error)}`;
    const [location] = error.locations ?? [];
    return `[${name}] ${sdlFile}:${location?.line}:${location?.column}: ${error.message}`;
  }
}

function compose(
  subgraphs: readonly Subgraph[],
): { readonly sdl: string } | { readonly problems: readonly string[] } {
  try {
    const result = composeServices([...subgraphs]);
    return result.errors === undefined
      ? { sdl: result.supergraphSdl }
      : { problems: result.errors.map((error) => explain(error, subgraphs)) };
  } catch (error) {
    // The composer throws on a few invalid schemas instead of reporting them.
    return { problems: [`${blame(subgraphs)}${describe(error)}`] };
  }
}

/** Adds the type and field where the composer tells a place in the SDL alone. */
function explain(error: GraphQLError, subgraphs: readonly Subgraph[]): string {
  const { code, subgraphName } = error.extensions;
  const subgraph = subgraphs.find(({ name }) => name === subgraphName);
  const [location] = error.locations ?? [];
  const coordinate = subgraph && location && coordinateAt(subgraph.typeDefs, location);
  return `${error.message}${coordinate ? ` (at ${coordinate})` : ''} [${code}]`;
}

/** The subgraph that can't be composed even alone, in brackets; empty where it is none or many. */
function blame(subgraphs: readonly Subgraph[]): string {
  const failing = subgraphs.filter((subgraph) => {
    try {
      composeServices([subgraph]);
      return false;
    } catch {
      return true;
    }
  });
  return failing.length === 1 ? `[${failing[0]?.name}] ` : '';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
