/**
 * The gateway while people work on subgraphs: the real `rover dev`, which composes anew whenever an
 * SDL file changes. Takes the supergraph's configuration as its argument, and the port from
 * GATEWAY_PORT.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../../platform/config.ts';
import { findFreePort } from '../../platform/freePort.ts';
import { runService } from '../../platform/http/runService.ts';
import { startRover } from './roverProcess.ts';

const POLL_MS = 50;

const [configFile = 'supergraph.yaml'] = process.argv.slice(2);

await runService('gateway', async ({ dataDir, gatewayPort }) => {
  const routerConfig = join(dataDir, 'router.yaml');
  await writeFile(routerConfig, describeRouter(await findFreePort()));
  const rover = startRover(
    [
      'dev',
      ...['--supergraph-config', configFile],
      ...['--router-config', routerConfig],
      ...['--supergraph-address', '127.0.0.1', '--supergraph-port', `${gatewayPort}`],
    ],
    ['supergraph', 'router'],
  );
  const ended = once(rover, 'exit');
  let isStopping = false;
  void ended.then(([code]) => {
    if (!isStopping) process.exit(code || 1);
  });
  const url = `http://127.0.0.1:${gatewayPort}/graphql`;
  await untilServed(url, rover.pid);
  return {
    async stop() {
      isStopping = true;
      rover.kill('SIGINT');
      await ended;
      // Rover leaves its router to end by itself.
      while (await isServed(url)) await delay(POLL_MS);
    },
  };
});

/** What Apollo Router needs to be told to serve as the gateway of this project does. */
function describeRouter(healthPort: number): string {
  return `# Written by npm run dev.
supergraph: { path: /graphql }
health_check: { listen: "127.0.0.1:${healthPort}" }
headers: { all: { request: [{ propagate: { named: authorization } }] } }
include_subgraph_errors: { all: true }
`;
}

/** Rover waits for a supergraph that composes, for as long as people need. */
async function untilServed(url: string, pid: number | undefined): Promise<void> {
  if (pid === undefined) throw new ConfigError('rover does not start.');
  while (!(await isServed(url))) await delay(POLL_MS);
}

function isServed(url: string): Promise<boolean> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  }).then(
    (response) => response.ok,
    () => false,
  );
}
