/**
 * What `rover dev` runs as its router, where Apollo Router is not there: this project's gateway. It
 * takes the arguments that rover gives, serves what rover composes anew, and answers health checks.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../../platform/config.ts';
import { runService } from '../../platform/http/runService.ts';
import { startGateway } from '../startGateway.ts';
import { onEndOfParent } from './onEndOfParent.ts';
import { readSupergraph } from './readSupergraph.ts';
import { createRouterLogger } from './routerLogger.ts';
import { watchSupergraph } from './watchSupergraph.ts';

/** Of Apollo Router's configuration, what matters here. */
const routerConfigSchema = z
  .object({ health_check: z.object({ listen: z.string() }).optional() })
  .nullable();

const USUAL_HEALTH_ADDRESS = '127.0.0.1:8088';

const { values } = parseArgs({
  options: {
    supergraph: { type: 'string' },
    config: { type: 'string' },
    listen: { type: 'string' },
  },
  // Rover gives more, such as `--hot-reload`, which is how this always works.
  strict: false,
});

onEndOfParent(() => process.kill(process.pid, 'SIGTERM'));
await runService('gateway', async (config) => {
  const { supergraph: file, listen, config: configFile } = values;
  if (typeof file !== 'string' || typeof listen !== 'string') {
    throw new ConfigError(
      'this is not Apollo Router, but what this project gives rover in its place. Usage: --supergraph FILE --listen HOST:PORT [--config FILE]; see docs/federation.md.',
    );
  }
  const logger = createRouterLogger(config);
  const gateway = await startGateway({
    supergraph: await readSupergraph(file),
    config,
    port: portOf(listen),
    logger,
  });
  const watch = watchSupergraph(file, gateway, logger);
  const health = createServer((_request, response) => response.end('{"status":"UP"}'));
  health.listen(portOf(await readHealthAddress(configFile)), '127.0.0.1');
  return {
    async stop() {
      watch.close();
      health.close();
      await gateway.stop();
    },
  };
});

async function readHealthAddress(file: string | boolean | undefined): Promise<string> {
  if (typeof file !== 'string') return USUAL_HEALTH_ADDRESS;
  const config = routerConfigSchema.parse(parseYaml(await readFile(file, 'utf8')));
  return config?.health_check?.listen ?? USUAL_HEALTH_ADDRESS;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
