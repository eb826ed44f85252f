import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { type CommandResult, runCli } from './runCli.ts';

export interface StandInGateway {
  /** Runs the command line against this gateway. */
  cli(...args: string[]): Promise<CommandResult>;
  stop(): void;
}

const operationSchema = z.object({ query: z.string() });

/** @param answers - what it answers: the data by operation name, and the body by `POST /imports` */
export async function startStandInGateway(
  answers: Readonly<Record<string, object>>,
): Promise<StandInGateway> {
  const dataDir = await createTemporaryFolder('cli');
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/graphql') {
      response.end(JSON.stringify(answers['POST /imports']));
      return;
    }
    const { query } = operationSchema.parse(JSON.parse(body));
    const [, operation = ''] = /(?:query|mutation) (\w+)/.exec(query) ?? [];
    response.end(JSON.stringify({ data: answers[operation] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    cli: (...args) =>
      runCli(args, { DATA_DIR: dataDir, GATEWAY_PORT: String(address.port), IDENTITY_TOKEN: '' }),
    stop: () => server.close(),
  };
}
