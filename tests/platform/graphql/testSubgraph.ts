import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSchema } from 'graphql-yoga';
import { signDevelopmentToken } from '../../../src/platform/auth/developmentKey.ts';
import { type Config, readConfig } from '../../../src/platform/config.ts';
import {
  createSubgraphServer,
  type SubgraphRequest,
  type SubgraphServer,
  type SubgraphServerOptions,
} from '../../../src/platform/graphql/subgraphServer.ts';
import { createTestLogger, type LogLine } from '../testLogger.ts';

type Resolver = (root: unknown, args: unknown, context: SubgraphRequest) => unknown;

export interface TestSubgraph {
  readonly server: SubgraphServer;
  readonly config: Config;
  readonly lines: LogLine[];
  token(email: string): Promise<string>;
  post(
    query: string,
    headers?: Record<string, string>,
    variables?: Record<string, unknown>,
  ): Promise<{ status: number; headers: Headers; body: GraphQLBody }>;
  dispose(): Promise<void>;
}

export interface GraphQLBody {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** A subgraph with one field `value` that runs the given resolver, asked without a network. */
export async function createTestSubgraph(
  resolver: Resolver,
  options: Partial<SubgraphServerOptions<SubgraphRequest>> = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<TestSubgraph> {
  const dataDir = await mkdtemp(join(tmpdir(), 'subgraph-'));
  const config = readConfig({ DATA_DIR: dataDir, ...environment });
  const { logger, lines } = createTestLogger();
  const server = createSubgraphServer<SubgraphRequest>({
    schema: createSchema({
      typeDefs: 'type Query { value: String required: String! }',
      resolvers: { Query: { value: resolver, required: () => null } },
    }),
    config,
    port: 0,
    portVariable: 'TEST_PORT',
    logger,
    buildContext: (request) => request,
    readiness: async () => [],
    ...options,
  });
  return {
    server,
    config,
    lines,
    token: (email) => signDevelopmentToken(config, email),
    async post(query, headers = {}, variables = {}) {
      const response = await server.fetch('http://subgraph/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    async dispose() {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
