import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;

beforeAll(async () => {
  supergraph = await startTestSupergraph({
    identity: { sdl: 'type Query { hello: String }' },
    enrollment: { sdl: 'type Query { goodbye: String }' },
  });
});
afterAll(() => supergraph.dispose());

/** https://github.com/graphql/graphql-http/tree/main/implementations: all that the specification asks for, and advises. */
const AUDITS = serverAudits({ url: 'http://127.0.0.1' }).map(({ name }) => name);

describe.each(['the gateway', 'identity', 'enrollment'])('GraphQL over HTTP, by %s', (server) => {
  it.each(AUDITS)('%s', async (name) => {
    const url = supergraph.endpoints[server] ?? `${supergraph.url}/graphql`;
    const audit = serverAudits({ url }).find((candidate) => candidate.name === name);

    expect(await audit?.fn()).toMatchObject({ status: 'ok' });
  });
});
