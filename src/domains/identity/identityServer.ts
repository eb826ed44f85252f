import { PrismaPg } from '@prisma/adapter-pg';
import type { Config } from '../../platform/config.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '../../platform/graphql/subgraphServer.ts';
import type { Logger } from '../../platform/logger.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { buildIdentityContext } from './graphql/context.ts';
import { schema } from './graphql/schema.ts';
import { createImportRoute } from './http/importRoute.ts';
import type { IdentityRuntime } from './identityRuntime.ts';

interface IdentityServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly runtime: IdentityRuntime;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The identity subgraph over HTTP. */
export function createIdentityServer(options: IdentityServerOptions): SubgraphServer {
  const { config, logger, runtime, port } = options;
  const { importLimits } = config;
  const prisma = new PrismaClient({ adapter: new PrismaPg(runtime.pool) });
  const server = createSubgraphServer({
    schema,
    config,
    port,
    portVariable: 'IDENTITY_PORT',
    logger,
    buildContext: (request) => buildIdentityContext({ ...runtime, prisma, importLimits }, request),
    readiness: () => missingParts(runtime),
    routes: { 'POST /imports': createImportRoute(runtime, importLimits) },
  });
  return {
    ...server,
    stop() {
      // Subscriptions would be waited for, as requests in flight are.
      runtime.batchWatch.close();
      return server.stop();
    },
  };
}

/** What the service can't do without, and is without. */
async function missingParts({ pool, queue }: IdentityRuntime): Promise<readonly string[]> {
  const [database, jobs] = await Promise.all([
    pool.query('SELECT FROM staged_batch LIMIT 1').then(
      () => true,
      () => false,
    ),
    queue.isAvailable(),
  ]);
  return [...(database ? [] : ['database']), ...(jobs ? [] : ['queue'])];
}
