import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import { coordinateAt } from './coordinateAt.ts';

/** What a subgraph brings to a supergraph. */
export interface SubgraphSource {
  readonly name: string;
  /** Of its GraphQL endpoint. */
  readonly url: string;
  readonly sdl: string;
  /** Where the SDL is from, for problems with it. */
  readonly sdlFile?: string;
}

/** Why subgraphs do not compose; the message names subgraph, type and field. */
export interface CompositionProblem {
  readonly message: string;
  /** Of Apollo Federation (https://www.apollographql.com/docs/federation/errors), where it has one. */
  readonly code?: string;
}

export type Composition =
  | { readonly sdl: string; readonly problems?: never }
  | { readonly problems: readonly CompositionProblem[] };

interface Subgraph extends SubgraphSource {
  readonly typeDefs: DocumentNode;
}

/** Composes subgraphs; the order in which they are given makes no difference. */
export function composeSubgraphs(sources: readonly SubgraphSource[]): Composition {
  const sorted = [...sources].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parsed = sorted.map(parseSubgraph);
  const problems = parsed.filter((result) => 'message' in result);
  if (problems.length > 0) return { problems };
  return compose(parsed.filter((result) => 'typeDefs' in result));
}

function parseSubgraph(source: SubgraphSource): Subgraph | CompositionProblem {
  const { name, sdl, sdlFile = name } = source;
  try {
    return { ...source, typeDefs: parse(new Source(sdl, sdlFile)) };
  } catch (error) {
    const [location] = error instanceof GraphQLError ? (error.locations ?? []) : [];
    const place = location ? `${sdlFile}:${location.line}:${location.column}: ` : '';
    return { message: `[${name}] ${place}${describe(error)}`, code: 'INVALID_GRAPHQL' };
  }
}

function compose(subgraphs: readonly Subgraph[]): Composition {
  try {
    const result = composeServices([...subgraphs]);
    return result.errors === undefined
      ? { sdl: result.supergraphSdl }
      : { problems: result.errors.map((error) => explain(error, subgraphs)) };
  } catch (error) {
    // The composer throws on a few invalid schemas instead of reporting them.
    return { problems: [{ message: `${blame(subgraphs)}${describe(error)}` }] };
  }
}

/** Adds the type and field where the composer tells a place in the SDL alone. */
function explain(error: GraphQLError, subgraphs: readonly Subgraph[]): CompositionProblem {
  const { code, subgraphName } = error.extensions;
  const subgraph = subgraphs.find(({ name }) => name === subgraphName);
  const [location] = error.locations ?? [];
  const coordinate = subgraph && location && coordinateAt(subgraph.typeDefs, location);
  return {
    message: `${error.message}${coordinate ? ` (at ${coordinate})` : ''}`,
    code: String(code),
  };
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
