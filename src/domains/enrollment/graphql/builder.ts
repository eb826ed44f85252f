import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { unauthenticated } from '../../../platform/errors.ts';
import { connectionOptions } from '../../../platform/graphql/keysetConnection.ts';
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
  relay: connectionOptions,
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
