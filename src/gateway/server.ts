/** The gateway as a process. */
import { fileURLToPath } from 'node:url';
import { runService } from '../platform/http/runService.ts';
import { composeSupergraph } from './composeSupergraph.ts';
import { startGateway } from './startGateway.ts';

const configFile = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));

await runService('gateway', async (config, logger) => {
  const supergraph = await composeSupergraph(configFile);
  const gateway = await startGateway({ supergraph, config, port: config.gatewayPort, logger });
  logger.info({ url: gateway.url }, 'The gateway listens');
  return gateway;
});
