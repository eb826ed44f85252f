/** The identity subgraph as a process. */
import { runService } from '../../platform/http/runService.ts';
import { createIdentityRuntime } from './identityRuntime.ts';
import { createIdentityServer } from './identityServer.ts';

await runService('identity', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  const server = createIdentityServer({ config, logger, runtime, port: config.identityPort });
  const { url } = await server.start();
  logger.info({ url }, 'The identity subgraph listens');
  return {
    async stop() {
      await server.stop();
      await runtime.close();
    },
  };
});
