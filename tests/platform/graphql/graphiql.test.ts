import { afterEach, describe, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
afterEach(() => subgraph.dispose());

const openInBrowser = () =>
  subgraph.server.fetch('http://subgraph/graphql', { headers: { accept: 'text/html' } });

describe('GraphiQL', () => {
  it('is there in development', async () => {
    subgraph = await createTestSubgraph(() => null);

    const response = await openInBrowser();

    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it('is not there in production', async () => {
    subgraph = await createTestSubgraph(
      () => null,
      {},
      {
        NODE_ENV: 'production',
        JWKS_URL: 'https://id.example/jwks',
        JWT_ISSUER: 'https://id.example',
        JWT_AUDIENCE: 'us',
      },
    );

    const response = await openInBrowser();

    expect(response.headers.get('content-type') ?? '').not.toContain('text/html');
  });
});
