import { type Config, ConfigError } from '../../platform/config.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '../../platform/graphql/subgraphServer.ts';
import type { Logger } from '../../platform/logger.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import { createContext } from './graphql/context.ts';
import { schema } from './graphql/schema.ts';
import { createIdentityClient } from './services/identityClient.ts';

interface EnrollmentServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly prisma: PrismaClient;
  /** Of identity's `/graphql`. */
  readonly identityUrl: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The enrollment subgraph over HTTP. */
export function createEnrollmentServer(options: EnrollmentServerOptions): SubgraphServer {
  const { config, logger, prisma, identityUrl, port } = options;
  const identity = createIdentityClient(identityUrl, logger);
  return createSubgraphServer({
    schema,
    config,
    port,
    portVariable: 'ENROLLMENT_PORT',
    logger,
    buildContext: ({ authorization, requestId }) =>
      createContext({
        prisma,
        identity,
        credentials: authorization === null ? null : { authorization, requestId },
      }),
    readiness: async () => ((await isMigrated(prisma)) ? [] : ['database']),
  });
}

async function isMigrated(prisma: PrismaClient): Promise<boolean> {
  return prisma.program.findFirst({ select: { id: true } }).then(
    () => true,
    () => false,
  );
}

/** @throws {@link ConfigError} when no database is configured */
export function requireDatabaseUrl({ enrollmentDatabaseUrl }: Config): string {
  if (enrollmentDatabaseUrl === undefined) {
    throw new ConfigError(
      'ENROLLMENT_DATABASE_URL is not set: give the URL of a PostgreSQL database, or use `npm start`, which brings one.',
    );
  }
  return enrollmentDatabaseUrl;
}
