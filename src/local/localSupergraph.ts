import { type Config, ConfigError, readConfig } from '../platform/config.ts';
import { cliPrefix } from './cliPrefix.ts';
import { DEMO_ADMIN, prepareDemo } from './demo.ts';
import { type RunningSupergraph, runSupergraph } from './launcher.ts';
import type { LocalDatabases } from './localDatabases.ts';
import type { ServiceDefinition } from './serviceProcess.ts';
import { describeDemoSeed } from './services.ts';

/**
 * Brings up the whole supergraph on this machine, with its demo, until Ctrl-C.
 *
 * @param describe - the services, in groups that start together
 * @returns the exit code; failures it has printed
 */
export async function runLocalSupergraph(
  describe: (
    config: Config,
    databases: LocalDatabases,
  ) => readonly (readonly ServiceDefinition[])[],
): Promise<0 | 1> {
  try {
    const config = readConfig();
    return await runSupergraph(config, {
      services: (databases) => describe(config, databases),
      whenUp: async (running, signal) => {
        const hints = await showDemo(config, running, signal);
        console.log(describeRunning(config, running));
        console.log(hints);
      },
    });
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    return 1;
  }
}

/** @returns what to try first */
async function showDemo(
  config: Config,
  { databases }: RunningSupergraph,
  signal: AbortSignal,
): Promise<string> {
  if (config.jwks) {
    return 'There is no demo workspace: its members sign in with development tokens, and JWKS_URL turns those off.';
  }
  const seed = describeDemoSeed(config, databases);
  const batchId = await prepareDemo(config, graphqlUrl(config.gatewayPort), seed, signal);
  const cli = cliPrefix(config);
  return `Try, in another terminal:
  ${cli} findings --batch ${batchId} --format table
  ${cli} audit --workspace demo --wait
  ${cli} token ${DEMO_ADMIN}    # for the first query in README.md`;
}

function describeRunning(config: Config, { databases, logFolder }: RunningSupergraph): string {
  const { dataDir, gatewayPort, identityPort, enrollmentPort } = config;
  const isMoved = databases.folder !== undefined && !databases.folder.startsWith(dataDir);
  const lines = [
    'Ready',
    `  Gateway     ${graphqlUrl(gatewayPort)}`,
    `  Identity    ${graphqlUrl(identityPort)}`,
    `  Enrollment  ${graphqlUrl(enrollmentPort)}`,
    `  Logs        ${logFolder}`,
  ];
  if (isMoved) {
    lines.push(
      `  Database    ${databases.folder}, because PostgreSQL's account can't reach ${dataDir}`,
    );
  }
  return lines.join('\n');
}

function graphqlUrl(port: number): string {
  return `http://127.0.0.1:${port}/graphql`;
}
