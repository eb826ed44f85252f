import { afterEach, describe, expect, it } from 'vitest';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
afterEach(() => subgraph.dispose());

const serve = async (readiness: () => Promise<readonly string[]>) => {
  subgraph = await createTestSubgraph(() => null, { readiness });
  return (path: string) => subgraph.server.fetch(`http://subgraph${path}`);
};

describe('health', () => {
  it('is good as long as the process answers', async () => {
    const get = await serve(async () => ['database']);

    expect((await get('/healthz')).status).toBe(200);
  });

  it('is ready when nothing is missing', async () => {
    const get = await serve(async () => []);

    const response = await get('/readyz');

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready' });
  });

  it('names what is missing', async () => {
    const get = await serve(async () => ['database']);

    const response = await get('/readyz');

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'unavailable', missing: ['database'] });
  });

  it('is not ready when the check itself fails', async () => {
    const get = await serve(async () => {
      throw new Error('secret');
    });

    const response = await get('/readyz');

    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('secret');
  });
});
