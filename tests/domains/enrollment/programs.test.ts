import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDITOR, startTestEnrollment, type TestEnrollment, VIEWER } from './testEnrollment.ts';

let enrollment: TestEnrollment;
beforeAll(async () => {
  enrollment = await startTestEnrollment();
});
afterAll(() => enrollment.dispose());

const CREATE = /* GraphQL */ `
  mutation ($input: CreateProgramInput!) {
    createProgram(input: $input) { id workspaceId code name }
  }
`;
const LIST = /* GraphQL */ `
  query ($workspaceId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    programs(workspaceId: $workspaceId, first: $first, after: $after, last: $last, before: $before) {
      edges { node { code } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
`;

interface Page {
  programs: {
    edges: { node: { code: string } }[];
    pageInfo: {
      startCursor: string | null;
      endCursor: string | null;
      hasNextPage: boolean;
      hasPreviousPage: boolean;
    };
  } | null;
}

const create = (input: Record<string, string>) =>
  enrollment.ask<{ createProgram: { id: string } }>(EDITOR, CREATE, {
    input: { workspaceId: enrollment.workspaceId, code: 'care', name: 'Care', ...input },
  });

describe('createProgram', () => {
  it('creates a program that can be read afterwards', async () => {
    const { data } = await create({ code: 'care-2026', name: '  Care plan ' });

    const read = await enrollment.ask(VIEWER, 'query ($id: ID!) { program(id: $id) { name } }', {
      id: data?.createProgram.id,
    });

    expect(read).toEqual({ data: { program: { name: 'Care plan' } } });
  });

  it('refuses a code that the workspace has', async () => {
    await create({ code: 'twice' });

    const { errors } = await create({ code: 'twice' });

    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it.each(['', 'two words', '-a', 'x'.repeat(51)])('refuses the code "%s"', async (code) => {
    const { errors } = await create({ code });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.code' } }]);
  });

  it.each(['', ' ', 'a\u0000b', 'x'.repeat(201)])('refuses the name %j', async (name) => {
    const { errors } = await create({ name });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.name' } }]);
  });
});

describe('programs', () => {
  let workspaceId: string;
  beforeAll(async () => {
    workspaceId = enrollment.addWorkspace(EDITOR);
    for (const code of ['a', 'b', 'c']) await enrollment.addProgram({ workspaceId, code });
  });

  const list = async (variables: Record<string, unknown>) => {
    const { data, errors } = await enrollment.ask<Page>(EDITOR, LIST, {
      workspaceId,
      ...variables,
    });
    expect(errors).toBeUndefined();
    return {
      codes: data?.programs?.edges.map(({ node }) => node.code),
      pageInfo: data?.programs?.pageInfo,
    };
  };

  it('pages from the start', async () => {
    const first = await list({ first: 2 });
    const second = await list({ first: 2, after: first.pageInfo?.endCursor });

    expect(first).toMatchObject({ codes: ['a', 'b'], pageInfo: { hasNextPage: true } });
    expect(second).toMatchObject({ codes: ['c'], pageInfo: { hasNextPage: false } });
  });

  it('pages from the end', async () => {
    const last = await list({ last: 2 });
    const before = await list({ last: 2, before: last.pageInfo?.startCursor });

    expect(last).toMatchObject({ codes: ['b', 'c'], pageInfo: { hasPreviousPage: true } });
    expect(before).toMatchObject({ codes: ['a'], pageInfo: { hasPreviousPage: false } });
  });

  it('reads no more rows than the page has, and one', async () => {
    enrollment.takeStatements();

    await list({ first: 2 });

    expect(enrollment.takeStatements()).toEqual([expect.stringMatching(/LIMIT/)]);
  });

  it.each([
    ['first', { first: -1 }],
    ['first', { first: 1001 }],
    ['last', { last: 0 }],
    ['after', { after: 'nonsense' }],
  ])('names the argument that describes no page: %s', async (field, variables) => {
    const { errors } = await enrollment.ask<Page>(EDITOR, LIST, { workspaceId, ...variables });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });

  it('takes the id of the workspace in upper case', async () => {
    expect((await list({ workspaceId: workspaceId.toUpperCase() })).codes).toEqual(['a', 'b', 'c']);
  });

  it('shows the same to a stranger as where there is no workspace', async () => {
    const strangers = await enrollment.ask(VIEWER, LIST, { workspaceId });
    const missing = await enrollment.ask(VIEWER, LIST, { workspaceId: uuidv7() });

    expect(strangers.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(missing).toEqual(strangers);
  });
});
