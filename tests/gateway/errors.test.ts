import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../src/platform/errors.ts';
import { startTestSupergraph, type TestSupergraph } from './testSupergraph.ts';

let supergraph: TestSupergraph;

beforeAll(async () => {
  supergraph = await startTestSupergraph({
    identity: {
      sdl: `
        type Query { expected: Int unexpected: Int required: Int! device: Device }
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
      expect.objectContaining({ message: expect.stringContaining(message) }),
    ]);
  });
});

describe('a subgraph that is away', () => {
  it('is not named by its address, and logged with the request id', async () => {
    const away = await startTestSupergraph({
      identity: { sdl: 'type Query { a: Int }', url: 'http://127.0.0.1:9' },
    });

    const { status, headers, ...body } = await away.ask('{ a }');
    await away.dispose();

    const requestId = headers.get('x-request-id');
    expect(body.errors).toMatchObject([
      { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|identity/);
    expect(away.lines).toContainEqual(
      expect.objectContaining({
        level: 50,
        requestId,
        msg: expect.stringContaining('ECONNREFUSED'),
      }),
    );
  });
});
