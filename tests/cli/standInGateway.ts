import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { type CommandResult, runCli } from './runCli.ts';

export interface StandInGateway {
  /** Runs the command line against this gateway. */
  cli(...args: string[]): Promise<CommandResult>;
  /** What it was asked so far. */
  readonly asked: readonly Asked[];
  stop(): void;
}

const operationSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
});

export interface Asked {
  readonly operation: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** How the gateway refuses something. */
export interface StandInRefusal {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly field?: string };
}

/**
 * @param answers - what it answers: the data by operation name, and the body by `POST /imports`
 * @param refusals - by operation name, what it refuses instead
 */
export async function startStandInGateway(
  answers: Readonly<Record<string, object>>,
  refusals: Readonly<Record<string, StandInRefusal>> = {},
): Promise<StandInGateway> {
  const asked: Asked[] = [];
  const dataDir = await createTemporaryFolder('cli');
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/graphql') {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      asked.push({ operation: 'POST /imports', query: `${searchParams}`, variables: {} });
      response.end(JSON.stringify(answers['POST /imports']));
      return;
    }
    const { query, variables } = operationSchema.parse(JSON.parse(body));
    const [, operation = ''] = /(?:query|mutation) (\w+)/.exec(query) ?? [];
    asked.push({ operation, query, variables });
    const refusal = refusals[operation];
    response.end(
      JSON.stringify(
        refusal ? { data: null, errors: [refusal] } : { data: answers[operation] ?? null },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    asked,
    cli: (...args) =>
      runCli(args, { DATA_DIR: dataDir, GATEWAY_PORT: String(address.port), IDENTITY_TOKEN: '' }),
    stop: () => server.close(),
  };
}
