import { afterEach, describe, expect, it } from 'vitest';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;
afterEach(() => supergraph.dispose());

describe('readiness', () => {
  it('names the subgraphs that are not ready', async () => {
    supergraph = await startTestSupergraph({
      identity: { sdl: 'type Query { a: Int }' },
      enrollment: { sdl: 'type Query { b: Int }', readiness: async () => ['database'] },
    });

    const response = await fetch(`${supergraph.url}/readyz`);

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'unavailable', missing: ['enrollment'] });
  });

  it('names the subgraphs that are away', async () => {
    supergraph = await startTestSupergraph({ identity: { sdl: 'type Query { a: Int }' } });
    await supergraph.stopSubgraphs();

    const response = await fetch(`${supergraph.url}/readyz`);

    expect(await response.json()).toEqual({ status: 'unavailable', missing: ['identity'] });
  });
});
