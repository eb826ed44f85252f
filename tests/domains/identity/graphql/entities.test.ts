import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let ask: Ask;
let workspaceId: string;
const contactIds: string[] = [];
const siteIds: string[] = [];

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  workspaceId = await testbed.createWorkspace({ createdBy: await testbed.userId('admin') });
  await testbed.addMember(workspaceId, await testbed.userId('viewer'), 'VIEWER');
  for (let index = 0; index < 30; index += 1) {
    const ownerId = await testbed.createEntity(workspaceId, 'contact', {
      familyName: `Family ${index}`,
      externalId: `C-${index}`,
    });
    contactIds.push(ownerId);
    siteIds.push(
      await testbed.createEntity(workspaceId, 'site', { name: `Site ${index}`, ownerId }),
    );
  }
});
afterAll(() => testbed.close());
afterEach(() => vi.restoreAllMocks());

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Contact { id familyName }
      ... on Site { id name owner { id familyName } }
      ... on Workspace { id slug }
    }
  }
`;

const reference = (__typename: string, id: unknown) => ({ __typename, id });

/** The SQL statements that read these tables while `act` ran. */
async function statementsOn(tables: string, act: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const query = vi.spyOn(pg.Client.prototype, 'query').mockName('query');
  await act();
  for (const [config] of query.mock.calls as unknown[][]) {
    const text = typeof config === 'string' ? config : String(Reflect.get(Object(config), 'text'));
    if (new RegExp(tables).test(text)) statements.push(text);
  }
  return statements;
}

describe('_entities', () => {
  it.each([1, 25])('resolves %i contacts in one SQL statement', async (count) => {
    const representations = contactIds.slice(0, count).map((id) => reference('Contact', id));

    const statements = await statementsOn('third_party|customer_site', async () => {
      const { data } = await ask('viewer', ENTITIES, { representations });
      expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(
        contactIds.slice(0, count),
      );
    });

    expect(statements).toHaveLength(1);
  });

  it('resolves 25 sites with their owners in two', async () => {
    const representations = siteIds.slice(0, 25).map((id) => reference('Site', id));

    const statements = await statementsOn('third_party|customer_site', async () => {
      const { data } = await ask('viewer', ENTITIES, { representations });
      expect(data._entities[3].owner.familyName).toBe('Family 3');
    });

    expect(statements).toHaveLength(2);
  });

  it('gives a stranger what a missing entity gives: null, and no error', async () => {
    const missing = '019ab000-0000-7000-8000-000000000001';
    const representations = [
      reference('Contact', contactIds[0]),
      reference('Site', siteIds[0]),
      reference('Workspace', workspaceId),
      reference('Contact', missing),
    ];

    expect(await ask('stranger', ENTITIES, { representations })).toEqual({
      data: { _entities: [null, null, null, null] },
    });
  });

  it.each([
    ['a malformed id', reference('Contact', 'c-1')],
    ['an id that is no text', reference('Contact', 42)],
    ['an id that is a list', reference('Contact', ['x'])],
    ['no id', { __typename: 'Contact' }],
  ])('lets %s spoil nothing beside it', async (_what, bad) => {
    const { data } = await ask('viewer', ENTITIES, {
      representations: [bad, reference('Contact', contactIds[0])],
    });
    expect(data._entities).toEqual([null, expect.objectContaining({ id: contactIds[0] })]);
  });
});

describe('connections', () => {
  const CONTACTS = /* GraphQL */ `
    query ($workspaceId: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: ContactFilter) {
      contacts(workspaceId: $workspaceId, first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        edges { node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  `;
  type Edges = { node: { id: string } }[];
  const idsOf = (edges: Edges) => edges.map(({ node }) => node.id);

  it('pages through everything once, forwards', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const { data } = await ask('viewer', CONTACTS, { workspaceId, first: 7, after });
      seen.push(...idsOf(data.contacts.edges));
      after = data.contacts.pageInfo.endCursor;
      more = data.contacts.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(contactIds);
  });

  it('pages backwards', async () => {
    const { data } = await ask('viewer', CONTACTS, { workspaceId, last: 3 });
    expect(idsOf(data.contacts.edges)).toEqual(contactIds.slice(-3));

    const before = data.contacts.pageInfo.startCursor;
    const { data: earlier } = await ask('viewer', CONTACTS, { workspaceId, last: 3, before });
    expect(idsOf(earlier.contacts.edges)).toEqual(contactIds.slice(-6, -3));
  });

  it('reads a page with a LIMIT, from its cursor on', async () => {
    const { data } = await ask('viewer', CONTACTS, { workspaceId, first: 5 });
    const after = data.contacts.pageInfo.endCursor;
    const [statement] = await statementsOn('third_party', () =>
      ask('viewer', CONTACTS, { workspaceId, first: 5, after }),
    );
    expect(statement).toMatch(/"id" > .* ORDER BY .*"id" ASC LIMIT/);
  });

  it('finds nothing by an id that is none', async () => {
    const { data, errors } = await ask(
      'viewer',
      `query ($workspaceId: ID!) {
        sites(workspaceId: $workspaceId, filter: { ownerId: "zzz" }) { edges { node { id } } }
        devices(workspaceId: $workspaceId, filter: { siteId: "zzz" }) { edges { node { id } } }
      }`,
      { workspaceId },
    );
    expect({ data, errors }).toEqual({ data: { sites: { edges: [] }, devices: { edges: [] } } });
  });

  it('finds the sites of an owner, and says whose they are', async () => {
    const { data } = await ask(
      'viewer',
      `query ($workspaceId: ID!, $ownerId: ID!) {
        sites(workspaceId: $workspaceId, filter: { ownerId: $ownerId }) { edges { node { id ownerId } } }
      }`,
      { workspaceId, ownerId: contactIds[2] },
    );
    expect(data.sites.edges).toEqual([{ node: { id: siteIds[2], ownerId: contactIds[2] } }]);
  });

  it('filters', async () => {
    const filter = { externalId: 'C-4' };
    const { data } = await ask('viewer', CONTACTS, { workspaceId, filter });
    expect(idsOf(data.contacts.edges)).toEqual([contactIds[4]]);
  });

  it.each([
    ['a cursor that is none', { after: 'nonsense' }, 'after'],
    ['too large a page', { first: 5000 }, 'first'],
    ['a page of nothing', { first: 0 }, 'first'],
  ])('refuses %s', async (_what, args, field) => {
    const { errors } = await ask('viewer', CONTACTS, { workspaceId, ...args });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});

it('takes ids in upper case', async () => {
  const { data, errors } = await ask(
    'viewer',
    `query ($workspaceId: ID!, $id: ID!) {
      workspace(id: $workspaceId) { id }
      contact(id: $id) { id }
      contacts(workspaceId: $workspaceId, first: 1) { edges { node { id } } }
    }`,
    { workspaceId: workspaceId.toUpperCase(), id: contactIds[0]?.toUpperCase() },
  );
  expect({ data, errors }).toEqual({
    data: {
      workspace: { id: workspaceId },
      contact: { id: contactIds[0] },
      contacts: { edges: [{ node: { id: contactIds[0] } }] },
    },
  });
});

describe('who is allowed what', () => {
  const TRIGGER = /* GraphQL */ `
    mutation ($workspaceId: ID!) {
      triggerDataAudit(input: { workspaceId: $workspaceId }) { batchId recordCount }
    }
  `;

  it.each([
    ['a query of the workspace', '{ workspaces { id } }'],
    ['me', '{ me { id } }'],
  ])('asks for a token for %s', async (_what, query) => {
    const { errors } = await ask(null, query);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('refuses a viewer an audit, and says whom to ask', async () => {
    const { errors } = await ask('viewer', TRIGGER, { workspaceId });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('EDITOR'),
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('answers a stranger as it answers for a workspace that is not there', async () => {
    const missing = '019ab000-0000-7000-8000-000000000001';
    for (const query of [
      TRIGGER,
      'query ($workspaceId: ID!) { workspace(id: $workspaceId) { slug } }',
      'query ($workspaceId: ID!) { devices(workspaceId: $workspaceId) { edges { node { id } } } }',
    ]) {
      const stranger = await ask('stranger', query, { workspaceId });
      expect(stranger.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      expect(await ask('stranger', query, { workspaceId: missing })).toEqual(stranger);
      expect(await ask('stranger', query, { workspaceId: 'no uuid' })).toEqual(stranger);
    }
  });

  it('answers what may be seen beside what is not there', async () => {
    const { data, errors } = await ask(
      'stranger',
      `query ($workspaceId: ID!, $id: ID!) {
        me { email } workspaces { id } workspace(id: $workspaceId) { id } contact(id: $id) { id }
      }`,
      { workspaceId, id: contactIds[0] },
    );
    expect(data).toEqual({
      me: { email: 'stranger@test.example' },
      workspaces: [],
      workspace: null,
      contact: null,
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});

describe('members', () => {
  const SET = /* GraphQL */ `
    mutation ($input: SetMemberInput!) { setMember(input: $input) { role user { email } } }
  `;
  const REMOVE = /* GraphQL */ `
    mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { slug } }
  `;

  it('who creates a workspace is its ADMIN', async () => {
    const { data } = await ask(
      'founder',
      'mutation { createWorkspace(input: { slug: "founders", defaultCountry: "CH" }) { slug members { role user { email } } } }',
    );
    expect(data.createWorkspace).toEqual({
      slug: 'founders',
      members: [{ role: 'ADMIN', user: { email: 'founder@test.example' } }],
    });
  });

  it.each([
    ['a slug that is taken', 'founders', 'CONFLICT'],
    ['a slug that can not be', 'No Slug', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, slug, code) => {
    const { errors } = await ask(
      'founder',
      'mutation ($slug: String!) { createWorkspace(input: { slug: $slug }) { id } }',
      { slug },
    );
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it.each(['', ' ', 'x'.repeat(201)])('refuses the name %j', async (name) => {
    const { errors } = await ask(
      'founder',
      'mutation ($name: String!) { createWorkspace(input: { slug: "named", name: $name }) { id } }',
      { name },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.name' });
  });

  it('an admin adds somebody by the email address they have signed in with', async () => {
    await ask('newcomer', '{ me { id } }');
    const input = { workspaceId, email: 'NEWCOMER@test.example', role: 'EDITOR' };

    const { data } = await ask('admin', SET, { input });

    expect(data.setMember).toEqual({ role: 'EDITOR', user: { email: 'newcomer@test.example' } });
  });

  it('names the field when nobody has that address', async () => {
    const input = { workspaceId, email: 'nobody@test.example', role: 'EDITOR' };
    const { errors } = await ask('admin', SET, { input });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.email' });
  });

  it('an admin adds somebody by id', async () => {
    const input = { workspaceId, userId: await testbed.userId('colleague'), role: 'VIEWER' };
    const { data } = await ask('admin', SET, { input });
    expect(data.setMember).toEqual({ role: 'VIEWER', user: { email: 'colleague@test.example' } });
  });

  it('knows nobody of another identity provider, so that nobody learns their address', async () => {
    const userId = await testbed.createUser('elsewhere');
    const theirs = await ask('admin', SET, { input: { workspaceId, userId, role: 'VIEWER' } });
    const nobodys = await ask('admin', SET, {
      input: { workspaceId, userId: '019ab000-0000-7000-8000-000000000001', role: 'VIEWER' },
    });
    expect(theirs.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(theirs).toEqual(nobodys);
  });

  it('removes nobody by an id that is none', async () => {
    const { errors } = await ask('admin', REMOVE, { input: { workspaceId, userId: 'zz' } });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.userId',
    });
  });

  it('only an admin changes members', async () => {
    const input = { workspaceId, email: 'viewer@test.example', role: 'ADMIN' };
    const { errors } = await ask('viewer', SET, { input });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('the last ADMIN stays', async () => {
    const userId = await testbed.userId('admin');
    const demoted = await ask('admin', SET, { input: { workspaceId, userId, role: 'VIEWER' } });
    const removed = await ask('admin', REMOVE, { input: { workspaceId, userId } });
    expect(demoted.errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect(removed.errors?.[0]?.extensions.code).toBe('CONFLICT');
  });

  it('a membership taken away takes effect with the next request', async () => {
    const userId = await testbed.userId('leaver');
    await testbed.addMember(workspaceId, userId, 'VIEWER');
    const read = () => ask('leaver', `{ workspace(id: "${workspaceId}") { slug } }`);
    expect((await read()).errors).toBeUndefined();

    await ask('admin', REMOVE, { input: { workspaceId, userId } });

    expect((await read()).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
