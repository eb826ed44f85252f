import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLFieldResolver, parse } from 'graphql';
import { composeSupergraph } from '../../src/gateway/composeSupergraph.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../src/gateway/startGateway.ts';
import { signDevelopmentToken } from '../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../src/platform/config.ts';
import {
  createSubgraphServer,
  type SubgraphRequest,
} from '../../src/platform/graphql/subgraphServer.ts';
import type { Routes } from '../../src/platform/http/routes.ts';
import { createTestLogger, type LogLine } from '../platform/testLogger.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])\n';

/** A GraphQL error as clients see it. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly ClientError[];
}

type Resolver = GraphQLFieldResolver<unknown, SubgraphRequest>;

export interface TestSubgraph {
  readonly sdl: string;
  readonly resolvers?: Record<string, Record<string, Resolver | { subscribe: Resolver }>>;
  readonly routes?: Routes;
  readonly readiness?: () => Promise<readonly string[]>;
  /** Of a server of the test's own, instead of one that runs the resolvers. */
  readonly url?: string;
}

export interface TestSupergraph {
  readonly url: string;
  /** Of each subgraph, its GraphQL endpoint by name. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly gateway: Gateway;
  /** Log lines of the gateway. */
  readonly lines: readonly LogLine[];
  /** Log lines of the subgraphs. */
  readonly subgraphLines: readonly LogLine[];
  token(email: string): Promise<string>;
  ask(query: string, options?: AskOptions): Promise<Answer>;
  stopSubgraphs(): Promise<void>;
  dispose(): Promise<void>;
}

interface AskOptions {
  /** Who asks; nobody by default. */
  readonly email?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Real subgraphs on free ports, composed from SDL files, behind a real gateway. */
export async function startTestSupergraph(
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  options: Pick<GatewayOptions, 'upstreamTimeouts'> = {},
): Promise<TestSupergraph> {
  const directory = await mkdtemp(join(tmpdir(), 'supergraph-'));
  const config = readConfig({ DATA_DIR: directory });
  const { logger, lines } = createTestLogger();
  const { logger: subgraphLogger, lines: subgraphLines } = createTestLogger();

  const stops: (() => Promise<void>)[] = [];
  const start = async ({ sdl, resolvers, routes, readiness }: TestSubgraph): Promise<string> => {
    const server = createSubgraphServer<SubgraphRequest>({
      schema: buildSubgraphSchema([{ typeDefs: parse(LINK + sdl), resolvers: resolvers ?? {} }]),
      config,
      port: 0,
      portVariable: 'TEST_PORT',
      logger: subgraphLogger,
      buildContext: (request) => request,
      readiness: readiness ?? (async () => []),
      routes: routes ?? {},
    });
    const { url } = await server.start();
    stops.push(server.stop);
    return url;
  };

  const entries: string[] = [];
  for (const [name, subgraph] of Object.entries(subgraphs)) {
    const url = subgraph.url ?? (await start(subgraph));
    await writeFile(join(directory, `${name}.graphql`), LINK + subgraph.sdl);
    entries.push(
      `  ${name}:\n    routing_url: ${url}/graphql\n    schema: { file: ${name}.graphql }\n`,
    );
  }
  const configFile = join(directory, 'supergraph.yaml');
  await writeFile(configFile, `federation_version: =2.9.3\nsubgraphs:\n${entries.join('')}`);

  const supergraph = await composeSupergraph(configFile, {});
  const gateway = await startGateway({ supergraph, config, port: 0, logger, ...options });
  const token = (email: string) => signDevelopmentToken(config, email);
  return {
    url: gateway.url,
    endpoints: Object.fromEntries(supergraph.subgraphs.map(({ name, url }) => [name, url])),
    gateway,
    lines,
    subgraphLines,
    token,
    async ask(query, { email, headers, variables } = {}) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(email ? { authorization: `Bearer ${await token(email)}` } : {}),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, headers: response.headers, ...(await response.json()) };
    },
    stopSubgraphs: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
    async dispose() {
      await gateway.stop();
      await Promise.all(stops.map((stop) => stop()));
      await rm(directory, { recursive: true });
    },
  };
}
