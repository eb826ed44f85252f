import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../src/platform/errors.ts';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;

beforeAll(async () => {
  supergraph = await startTestSupergraph({
    identity: {
      sdl: `
        type Query { expected: Int unexpected: Int required: Int! device: Device take(deep: [Int]): Int }
        type Mutation { double(n: Int!): Int }
        type Device @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          expected: () => {
            throw new ExpectedError('AUDIT_IN_PROGRESS', 'An audit is running.', { batchId: 'b1' });
          },
          unexpected: () => {
            throw new Error('secret');
          },
          required: () => null,
          device: () => ({ id: '1' }),
        },
      },
    },
    enrollment: {
      sdl: 'type Query { other: Int } type Device @key(fields: "id") { id: ID! enrollments: Int }',
      resolvers: {
        Device: {
          enrollments: () => {
            throw new ExpectedError('SERVICE_UNAVAILABLE', 'Try again.');
          },
        },
      },
    },
  });
});
afterAll(() => supergraph.dispose());

describe('an expected error of a subgraph', () => {
  it('passes the gateway as it is', async () => {
    const { errors } = await supergraph.ask('{ expected }');

    expect(errors).toEqual([
      {
        message: 'An audit is running.',
        path: ['expected'],
        extensions: { code: 'AUDIT_IN_PROGRESS', batchId: 'b1' },
      },
    ]);
  });

  it('passes also when it comes from an entity, whose other fields are served', async () => {
    const { data, errors } = await supergraph.ask('{ device { id enrollments } }');

    expect(data).toEqual({ device: { id: '1', enrollments: null } });
    expect(errors).toMatchObject([
      { message: 'Try again.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ]);
  });
});

describe('an unexpected error of a subgraph', () => {
  it.each(['unexpected', 'required'])(
    'is masked, with the id its log line bears: %s',
    async (field) => {
      const { errors, headers } = await supergraph.ask(`{ ${field} }`);

      const requestId = headers.get('x-request-id');
      expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }]);
      expect(Object.keys(errors?.[0]?.extensions ?? {})).toEqual(['code', 'requestId']);
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect(supergraph.subgraphLines).toContainEqual(
        expect.objectContaining({ level: 50, requestId }),
      );
    },
  );
});

describe('what GraphQL says of a request', () => {
  it.each([
    ['{ nope }', {}, 'Cannot query field "nope"'],
    ['{', {}, 'Syntax Error'],
    ['mutation ($n: Int!) { double(n: $n) }', { n: 'x' }, 'Variable "$n"'],
  ])('reaches the client: %s', async (query, variables, message) => {
    const { errors } = await supergraph.ask(query, { variables });

    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(message),
        extensions: expect.objectContaining({ code: expect.any(String) }),
      }),
    ]);
  });
});

describe('a request that is too large', () => {
  it('is refused as such', async () => {
    const { status, errors } = await supergraph.ask('{ expected }', {
      variables: { padding: 'x'.repeat(25_000_000) },
    });

    expect(status).toBe(413);
    expect(errors).toMatchObject([{ extensions: { code: 'REQUEST_ENTITY_TOO_LARGE' } }]);
  });
});

describe('a variable that is nested too deep to be passed on', () => {
  it('is refused', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const response = await fetch(`${supergraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{ "query": "query ($deep: [Int]) { take(deep: $deep) }", "variables": { "deep": ${deep} } }`,
    });

    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'deep' } }],
    });
  });
});

describe('a subgraph that is away', () => {
  let away: TestSupergraph;
  beforeAll(async () => {
    away = await startTestSupergraph({
      identity: {
        sdl: 'type Query { devices: [Device!] } type Device @key(fields: "id") { id: ID! }',
        resolvers: { Query: { devices: () => [{ id: '1' }, { id: '2' }] } },
      },
      enrollment: {
        sdl: 'type Query { other: Int } type Device @key(fields: "id") { id: ID! enrollments: Int }',
        url: 'http://127.0.0.1:9',
      },
    });
  });
  afterAll(() => away.dispose());

  it('leaves what others know, and is not named by its address', async () => {
    const { headers, data, errors } = await away.ask('{ devices { id enrollments } }');

    const requestId = headers.get('x-request-id');
    expect(data).toEqual({
      devices: [
        { id: '1', enrollments: null },
        { id: '2', enrollments: null },
      ],
    });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } });
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|enrollment"/);
  });

  it('is logged once, with the request id and without the data of the request', async () => {
    const { headers } = await away.ask('{ devices { enrollments } }');

    const requestId = headers.get('x-request-id');
    const lines = away.lines.filter((line) => line.requestId === requestId);
    expect(lines).toEqual([
      expect.objectContaining({ level: 50, subgraph: 'enrollment', code: 'SUBREQUEST_HTTP_ERROR' }),
    ]);
    expect(JSON.stringify(lines)).toContain('ECONNREFUSED');
    expect(JSON.stringify(lines)).not.toContain('representations');
  });
});
