import { readFile } from 'node:fs/promises';
import { composeSubgraphs, type SubgraphSource } from './composeSubgraphs.ts';
import { CompositionError } from './compositionError.ts';
import {
  readSupergraphConfig,
  type SubgraphAddress,
  type SubgraphConfig,
} from './supergraphConfig.ts';

/** A composed supergraph: what Hive Router or Apollo Router would serve as `supergraph.graphql`. */
export interface Supergraph {
  readonly sdl: string;
  readonly subgraphs: readonly SubgraphAddress[];
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

  const result = composeSubgraphs(read.filter((subgraph) => typeof subgraph !== 'string'));
  if (result.problems) {
    const problems = result.problems.map(({ message, code }) =>
      code === undefined ? message : `${message} [${code}]`,
    );
    throw new CompositionError(configFile, problems);
  }
  return { sdl: result.sdl, subgraphs: configs };
}

/** @returns the problem where the SDL can't be read */
async function readSubgraph(config: SubgraphConfig): Promise<SubgraphSource | string> {
  try {
    return { ...config, sdl: await readFile(config.sdlFile, 'utf8') };
  } catch (error) {
    return `[${config.name}] ${error instanceof Error ? error.message : String(error)}`;
  }
}
