import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { buildSchema } from 'graphql';
import { createTokenVerifier } from '../platform/auth/tokens.ts';
import type { Config } from '../platform/config.ts';
import { authenticate } from '../platform/graphql/authentication.ts';
import { useErrorTranslation } from '../platform/graphql/errorTranslation.ts';
import { useReadiness } from '../platform/graphql/readiness.ts';
import { createRequestIds } from '../platform/graphql/requestIds.ts';
import { useValueRefusal } from '../platform/graphql/valueRefusal.ts';
import { type HttpServer, startHttpServer } from '../platform/http/httpServer.ts';
import { REQUEST_ID_HEADER } from '../platform/http/requestId.ts';
import { findRoute, type Routes, runRoute } from '../platform/http/routes.ts';
import type { Logger } from '../platform/logger.ts';
import type { Supergraph } from './composeSupergraph.ts';
import { createHiveLogger } from './hiveLogger.ts';
import { httpTransport } from './httpTransport.ts';
import { createImportsProxy } from './importsProxy.ts';
import { maskGatewayError, SUBGRAPH_NAME_EXTENSION } from './maskGatewayError.ts';
import { findUnreadySubgraphs } from './subgraphReadiness.ts';

/** A mutation may have a million rows to stage before it answers. */
const DEFAULT_TIMEOUTS_MS = { query: 30_000, mutation: 120_000 };

/** What is still in flight then on a supergraph that was replaced is cut off. */
const REPLACED_TIMEOUT_MS = 120_000;

const QUERY_RETRY = { maxRetries: 1, retryDelay: 100 };

export interface GatewayOptions {
  readonly supergraph: Supergraph;
  readonly config: Config;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logger: Logger;
  /** How long a subgraph may take to answer, in milliseconds. */
  readonly upstreamTimeouts?: { readonly query: number; readonly mutation: number };
}

export interface Gateway {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /**
   * Serves another supergraph from now on; requests in flight finish on the one before.
   *
   * @throws Error where it is none that can be served; the one before stays
   */
  replaceSupergraph(supergraph: Supergraph): Promise<void>;
  /** Lets requests in flight finish, then closes. */
  stop(): Promise<void>;
}

/**
 * Serves a supergraph: `/graphql`, `/healthz`, `/readyz`, and `POST /imports`, which it streams on
 * to the subgraph named `identity`.
 *
 * @throws ConfigError when the port can't be had
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, port, logger } = options;
  let { supergraph } = options;
  const timeouts = options.upstreamTimeouts ?? DEFAULT_TIMEOUTS_MS;
  const verifier = createTokenVerifier(config);
  const requestIds = createRequestIds();

  const runtime = createGatewayRuntime({
    transports: { http: httpTransport },
    supergraph: () => supergraph.sdl,
    // Replacing the supergraph would abort mutations that are under way.
    gracefulSchemaReload: { drainTimeout: REPLACED_TIMEOUT_MS },
    logging: createHiveLogger(logger),
    // The schema's own auth directives are ignored unless this is set.
    genericAuth: {
      mode: 'protect-granular',
      resolveUserFn: ({ request }) => authenticate(verifier, request.headers.get('authorization')),
    },
    // Identical requests to a subgraph are answered once while they are under way. Headers set
    // anywhere else than here do not count when requests are compared.
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({
        authorization: request.headers.get('authorization'),
        [REQUEST_ID_HEADER]: requestIds.of(request),
      }),
    },
    // A time-out would end subscriptions as if they were complete.
    upstreamTimeout: ({ executionRequest }) => {
      const operation = executionRequest?.operationType;
      return operation === 'query' || operation === 'mutation' ? timeouts[operation] : undefined;
    },
    // A mutation whose answer got lost may have been carried out.
    upstreamRetry: ({ executionRequest }) =>
      executionRequest.operationType === 'query' ? QUERY_RETRY : undefined,
    subgraphErrors: { errorCode: false, subgraphNameProp: SUBGRAPH_NAME_EXTENSION },
    maskedErrors: false,
    requestId: false,
    healthCheckEndpoint: '/healthz',
    productName: 'Identity supergraph',
    graphiql: !config.production,
    landingPage: !config.production,
    plugins: () => [
      requestIds.plugin,
      useReadiness(() => findUnreadySubgraphs(supergraph.subgraphs), logger),
      useValueRefusal(),
      useErrorTranslation((error, request) =>
        maskGatewayError(error, {
          logger,
          requestId: requestIds.of(request),
          signedIn: request.headers.has('authorization'),
        }),
      ),
    ],
  });

  let routes = createRoutes(supergraph);
  const server = await startHttpServer(
    (request, response) => {
      const route = findRoute(routes, request);
      if (route) void runRoute(route, request, response, { verifier, logger });
      else void runtime(request, response);
    },
    { port, portVariable: 'GATEWAY_PORT', allInterfaces: config.jwks !== undefined },
  );
  return {
    url: server.url,
    async replaceSupergraph(next) {
      // The runtime would serve nothing any more.
      buildSchema(next.sdl, { assumeValidSDL: true });
      supergraph = next;
      routes = createRoutes(next);
      await runtime.invalidateUnifiedGraph();
    },
    stop: stopInOrder(runtime, server),
  };
}

function createRoutes({ subgraphs }: Supergraph): Routes {
  const identity = subgraphs.find(({ name }) => name === 'identity');
  return identity ? { 'POST /imports': createImportsProxy(new URL('/imports', identity.url)) } : {};
}

/**
 * The runtime disposes of itself on SIGTERM and SIGINT, and would abort requests in flight. What
 * was deferred last is disposed of first, so it waits for the server.
 */
function stopInOrder(
  runtime: ReturnType<typeof createGatewayRuntime>,
  server: HttpServer,
): () => Promise<void> {
  runtime.disposableStack.defer(() => server.stop());
  return async () => {
    await server.stop();
    await runtime.dispose();
  };
}
