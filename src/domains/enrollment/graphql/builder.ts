import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { unauthenticated } from '../../../platform/errors.ts';
import { assertPermission } from '../services/permissions.ts';
import type { Context } from './context.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultAuthStrategy: 'all';
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
  };
  AuthScopes: {
    authenticated: boolean;
    /** A workspace's id. */
    canRead: string;
    /** A workspace's id. */
    canCreate: string;
  };
}>({
  plugins: [RelayPlugin, ScopeAuthPlugin, DirectivesPlugin, FederationPlugin],
  defaultFieldNullability: false,
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    pageInfoTypeOptions: {
      description: 'Where a page of a list lies, and whether there is more.',
      shareable: true,
    },
    hasNextPageFieldOptions: { description: 'Whether more items follow.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are items before this page.' },
    startCursorFieldOptions: { description: 'Cursor of the first item of the page.' },
    endCursorFieldOptions: {
      description: 'Cursor of the last item of the page; pass it as `after` to get the next page.',
    },
    cursorFieldOptions: { description: 'Pass it as `after` or `before` to page from this item.' },
    edgesFieldOptions: { description: 'The items of the page.', nullable: false },
    nodeFieldOptions: { description: 'The item itself.', nullable: false },
    pageInfoFieldOptions: { description: 'Where the page lies, and whether there is more.' },
    firstArgOptions: { description: 'How many items from the start, 100 at most. Default 20.' },
    lastArgOptions: { description: 'How many items from the end, 100 at most.' },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
  },
  scopeAuth: {
    defaultStrategy: 'all',
    authScopes: (context) => ({
      authenticated: context.credentials !== null,
      canRead: async (workspaceId) => {
        await assertPermission(context, workspaceId, 'canRead');
        return true;
      },
      canCreate: async (workspaceId) => {
        await assertPermission(context, workspaceId, 'canCreate');
        return true;
      },
    }),
    unauthorizedError: () => unauthenticated('Sign in: this takes a bearer token.'),
  },
});

builder.queryType({ description: 'What can be read.' });
builder.mutationType({ description: 'What can be changed.' });
