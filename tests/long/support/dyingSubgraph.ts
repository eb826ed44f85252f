/**
 * The identity subgraph, which is killed at the first audit: `beforeScheduling`, when the rows are
 * staged, or `afterScheduling`, before it answers.
 */
import { createIdentityRuntime } from '../../../src/domains/identity/identityRuntime.ts';
import { createIdentityServer } from '../../../src/domains/identity/identityServer.ts';
import { runService } from '../../../src/platform/http/runService.ts';

const [, , moment] = process.argv;

await runService('identity', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  const { schedule } = runtime.queue;
  Object.assign(runtime.queue, {
    schedule: async (...args: Parameters<typeof schedule>) => {
      if (moment === 'afterScheduling') await schedule(...args);
      process.kill(process.pid, 'SIGKILL');
    },
  });
  const server = createIdentityServer({ config, logger, runtime, port: config.identityPort });
  await server.start();
  return { stop: server.stop };
});
