/** The enrollment subgraph as a process. */
import { runService } from '../../platform/http/runService.ts';
import { createPrismaClient } from './database.ts';
import { createEnrollmentServer, requireDatabaseUrl } from './enrollmentServer.ts';

await runService('enrollment', async (config, logger) => {
  const prisma = createPrismaClient(requireDatabaseUrl(config));
  const server = createEnrollmentServer({
    config,
    logger,
    prisma,
    identityUrl: `http://127.0.0.1:${config.identityPort}/graphql`,
    port: config.enrollmentPort,
  });
  const { url } = await server.start();
  logger.info({ url }, 'The enrollment subgraph listens');
  return {
    async stop() {
      await server.stop();
      await prisma.$disconnect();
    },
  };
});
