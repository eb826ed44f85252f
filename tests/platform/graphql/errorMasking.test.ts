import { afterEach, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/platform/errors.ts';
import { createTestSubgraph, type TestSubgraph } from './testSubgraph.ts';

let subgraph: TestSubgraph;
afterEach(() => subgraph.dispose());

const throwing = (error: unknown) =>
  createTestSubgraph(() => {
    throw error;
  });

describe('an expected error', () => {
  it('reaches the client with its message, code and details', async () => {
    subgraph = await throwing(
      new ExpectedError('AUDIT_IN_PROGRESS', 'An audit is running.', { batchId: 'b1' }),
    );

    const { body } = await subgraph.post('{ value }');

    expect(body.errors).toEqual([
      {
        message: 'An audit is running.',
        path: ['value'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'AUDIT_IN_PROGRESS', batchId: 'b1' },
      },
    ]);
  });

  it('is logged at info, without a stack, with the request id', async () => {
    subgraph = await throwing(new ExpectedError('CONFLICT', 'Changed meanwhile.'));

    await subgraph.post('{ value }', { 'x-request-id': 'r-1' });

    expect(subgraph.lines).toEqual([
      expect.objectContaining({ level: 30, requestId: 'r-1', code: 'CONFLICT' }),
    ]);
    expect(JSON.stringify(subgraph.lines)).not.toContain('stack');
  });
});

describe('an unexpected error', () => {
  it.each([new Error('secret'), 'secret', { secret: true }])('is masked: %j', async (thrown) => {
    subgraph = await throwing(thrown);

    const { body } = await subgraph.post('{ value }', { 'x-request-id': 'r-2' });

    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: 'r-2',
    });
  });

  it('is logged once at error with its stack and the same request id', async () => {
    subgraph = await throwing(new Error('the disk is full'));

    const { body } = await subgraph.post('{ value }');

    expect(subgraph.lines).toEqual([
      expect.objectContaining({
        level: 50,
        requestId: body.errors?.[0]?.extensions?.requestId,
        error: expect.objectContaining({
          message: 'the disk is full',
          stack: expect.stringContaining('errorMasking.test.ts'),
        }),
      }),
    ]);
  });

  it('is logged once where it fails many fields', async () => {
    subgraph = await throwing(new Error('the disk is full'));

    await subgraph.post('{ a: value b: value c: value }');

    expect(subgraph.lines).toHaveLength(1);
  });

  it('is logged without what else it carries', async () => {
    subgraph = await throwing(
      Object.assign(new Error('duplicate key'), { detail: '(x@y.example)' }),
    );

    await subgraph.post('{ value }');

    expect(JSON.stringify(subgraph.lines)).not.toContain('x@y.example');
  });

  it('is masked where the context is built, with status 500', async () => {
    subgraph = await createTestSubgraph(() => 'never', {
      buildContext: () => {
        throw new Error('secret');
      },
    });

    const { status, body } = await subgraph.post('{ value }');

    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('may be one of the executor: a null that must not be', async () => {
    subgraph = await createTestSubgraph(() => null);

    const { body } = await subgraph.post('{ required }');

    expect(body.errors?.[0]?.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
  });
});

describe('what GraphQL says of a document', () => {
  it.each([
    ['{ nope }', 'Cannot query field "nope"'],
    ['{', 'Syntax Error'],
  ])('reaches the client: %s', async (query, message) => {
    subgraph = await createTestSubgraph(() => null);

    const { body } = await subgraph.post(query);

    expect(body.errors?.[0]?.message).toContain(message);
  });
});
