import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { createTokenVerifier, type VerifiedCaller } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { type HttpServer, startHttpServer } from '../http/httpServer.ts';
import { findRoute, type Routes, runRoute } from '../http/routes.ts';
import type { Logger } from '../logger.ts';
import { authenticate } from './authentication.ts';
import { guardEntities } from './entityGuard.ts';
import { useErrorTranslation } from './errorTranslation.ts';
import { maskError } from './maskError.ts';
import { useReadiness } from './readiness.ts';
import { createRequestIds } from './requestIds.ts';
import { useValueRefusal } from './valueRefusal.ts';

/** What a subgraph knows of a GraphQL request when it builds the context of its resolvers. */
export interface SubgraphRequest {
  /** Null without a token; a wrong token never gets this far. */
  readonly caller: VerifiedCaller | null;
  /** The header as it came, to be passed on to other services. */
  readonly authorization: string | null;
  readonly requestId: string;
  readonly request: Request;
}

export interface SubgraphServerOptions<TContext extends object> {
  readonly schema: GraphQLSchema;
  readonly config: Config;
  /** 0 takes any free port. */
  readonly port: number;
  /** Environment variable that sets the port. */
  readonly portVariable: string;
  readonly logger: Logger;
  buildContext(request: SubgraphRequest): TContext | Promise<TContext>;
  /** Names what is missing, such as `database`; empty means ready. */
  readiness(): Promise<readonly string[]>;
  readonly routes?: Routes;
}

export interface SubgraphServer {
  /** @throws ConfigError when the port can't be had */
  start(): Promise<{ readonly url: string }>;
  /** Lets requests in flight finish, then closes. */
  stop(): Promise<void>;
  /** Answers without a network what the server would answer; routes excepted. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** A subgraph over HTTP: `/graphql`, `/healthz`, `/readyz` and the given routes. */
export function createSubgraphServer<TContext extends object>({
  schema,
  config,
  port,
  portVariable,
  logger,
  buildContext,
  readiness,
  routes = {},
}: SubgraphServerOptions<TContext>): SubgraphServer {
  const verifier = createTokenVerifier(config);
  const requestIds = createRequestIds();
  guardEntities(schema);
  const yoga = createYoga({
    schema,
    context: async ({ request }) => {
      const authorization = request.headers.get('authorization');
      const caller = await authenticate(verifier, authorization);
      return buildContext({ caller, authorization, requestId: requestIds.of(request), request });
    },
    plugins: [
      requestIds.plugin,
      useReadiness(readiness, logger),
      useValueRefusal(),
      useErrorTranslation((error, request) =>
        maskError(error, { logger, requestId: requestIds.of(request) }),
      ),
    ],
    maskedErrors: false,
    healthCheckEndpoint: '/healthz',
    graphiql: !config.production,
    landingPage: false,
    logging: false,
    // Browsers talk to the gateway.
    cors: false,
    multipart: false,
  });

  let server: HttpServer | undefined;
  return {
    async start() {
      server = await startHttpServer(
        (request, response) => {
          const route = findRoute(routes, request);
          if (route) void runRoute(route, request, response, { verifier, logger });
          else void yoga(request, response);
        },
        { port, portVariable, allInterfaces: config.jwks !== undefined },
      );
      return { url: server.url };
    },
    async stop() {
      await server?.stop();
      await yoga.dispose();
    },
    fetch: async (url, init) => yoga.fetch(url, init ?? {}),
  };
}
