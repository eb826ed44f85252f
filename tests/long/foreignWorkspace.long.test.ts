import fc from 'fast-check';
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  parse,
  validate,
} from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Supergraph, startSupergraph } from '../e2e/supergraph.ts';
import { operationArbitrary } from '../support/operationArbitrary.ts';
import { type ForeignWorkspace, fillForeignWorkspace } from './support/foreignWorkspace.ts';

const ROLES = ['viewer', 'editor', 'reviewer', 'admin'].map((role) => `${role}@demo.example`);
const OUTSIDER = 'outsider@elsewhere.example';
const RUNS = 150;

let supergraph: Supergraph;
let foreign: ForeignWorkspace;
let schema: GraphQLSchema;
let ownIds: readonly string[];

beforeAll(async () => {
  supergraph = await startSupergraph();
  foreign = await fillForeignWorkspace(supergraph);
  const { data } = await supergraph.ask(ROLES[0] ?? null, getIntrospectionQuery());
  schema = buildClientSchema(JSON.parse(JSON.stringify(data)));
  ownIds = await idsOfDemo();
}, 120_000);
afterAll(() => supergraph.stop());

describe('what belongs to another workspace', () => {
  it.each([...ROLES, OUTSIDER, null])('is never seen by %s, whatever is asked', async (email) => {
    await fc.assert(
      fc.asyncProperty(queries(), async ({ text }) => {
        expect(seenOfForeign(await askRaw(email, text))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([...ROLES, OUTSIDER, null])('is never changed by %s', async (email) => {
    const before = await foreign.contents();
    await fc.assert(
      fc.asyncProperty(mutations(), async ({ text }) => {
        expect(seenOfForeign(await askRaw(email, text))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(await foreign.contents()).toEqual(before);
  });

  it('is found by the same queries where they may see it', async () => {
    const seen = new Set<string>();
    const asked = new Set<string>();
    const wanted = fc.sample(queries(), { numRuns: 2 * RUNS, seed: 1 });
    for (const { text, fields } of wanted) {
      expect(validate(schema, parse(text))).toEqual([]);
      for (const field of fields) asked.add(field);
      for (const what of seenOfForeign(await askRaw(foreign.owner, text))) seen.add(what);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(asked.size / fieldCount()).toBeGreaterThan(0.5);
  });
});

function queries() {
  const texts = [...foreign.texts, 'demo', 'x'];
  const often = Array.from({ length: 10 }, () => foreign.frequentIds).flat();
  const ids = [...foreign.ids, ...often, ...ownIds];
  return operationArbitrary({ schema, operation: 'query', ids, texts, depth: 6 });
}

/** Of what is another's alone: a mutation of one's own workspace may well succeed. */
function mutations() {
  const { ids, texts } = foreign;
  return operationArbitrary({ schema, operation: 'mutation', ids, texts, depth: 4 });
}

/** The data of an answer as text. What is wrong is said with the ids that were asked for. */
async function askRaw(email: string | null, text: string): Promise<string> {
  const { data, errors = [] } = await supergraph.ask(email, text);
  expect(errors.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR')).toEqual(
    [],
  );
  return JSON.stringify(data ?? null);
}

function seenOfForeign(answer: string): readonly string[] {
  return [foreign.marker, ...foreign.ids].filter((told) => answer.includes(told));
}

function fieldCount(): number {
  return Object.values(schema.getTypeMap())
    .flatMap((type) =>
      'getFields' in type && 'getInterfaces' in type && !type.name.startsWith('__')
        ? [Object.keys(type.getFields()).length]
        : [],
    )
    .reduce((sum, count) => sum + count, 0);
}

async function idsOfDemo(): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: supergraph.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(`
      WITH demo AS (SELECT id FROM workspace WHERE slug = 'demo')
      SELECT id FROM demo
      UNION ALL (SELECT c.id FROM third_party c JOIN demo ON c.workspace_id = demo.id LIMIT 2)
      UNION ALL (SELECT s.id FROM customer_site s JOIN demo ON s.workspace_id = demo.id LIMIT 2)
      UNION ALL (SELECT d.id FROM customer_device d JOIN demo ON d.workspace_id = demo.id LIMIT 2)
      UNION ALL (SELECT b.id FROM staged_batch b JOIN demo ON b.workspace_id = demo.id LIMIT 2)`);
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}
