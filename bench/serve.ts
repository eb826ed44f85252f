/** The identity subgraph over HTTP, without a worker: what comes in stays QUEUED. */
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { createIdentityServer } from '../src/domains/identity/identityServer.ts';
import { readConfig } from '../src/platform/config.ts';
import { createLogger } from '../src/platform/logger.ts';
import { answerRequests } from './childProcess.ts';

const [, , dataDir] = process.argv;
const config = readConfig({ ...process.env, DATA_DIR: dataDir });
const logger = createLogger('bench serve', { logLevel: 'warn' });
const runtime = createIdentityRuntime(config, logger);
const server = createIdentityServer({ config, logger, runtime, port: 0 });

answerRequests({
  start: async () => (await server.start()).url,
  /** Answered with the memory that has been used, as all else is. */
  measure: async () => undefined,
});
