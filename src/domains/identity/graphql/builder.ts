import SchemaBuilder from '@pothos/core';
import DirectivePlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { ExpectedError } from '../../../platform/errors.ts';
import { connectionOptions } from '../../../platform/graphql/keysetConnection.ts';
import type PrismaTypes from '../generated/pothosTypes.ts';
import { getDatamodel } from '../generated/pothosTypes.ts';
import { type IdentityContext, signedIn } from './context.ts';

interface SchemaTypes {
  Context: IdentityContext;
  PrismaTypes: PrismaTypes;
  DefaultAuthStrategy: 'all';
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  AuthScopes: {
    authenticated: boolean;
    /** Each takes the id of the workspace in which the permission is demanded. */
    canRead: string;
    canCreate: string;
    canReview: string;
    canManage: string;
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Date: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, ScopeAuthPlugin, PrismaPlugin, DirectivePlugin, FederationPlugin],
  defaultFieldNullability: false,
  relay: connectionOptions,
  prisma: {
    client: (context) => context.runtime.prisma,
    dmmf: getDatamodel(),
  },
  scopeAuth: {
    // The default, any, would let every signed-in user through { authenticated, canCreate }.
    defaultStrategy: 'all',
    authorizeOnSubscribe: true,
    authScopes: (context) => ({
      authenticated: () => {
        signedIn(context);
        return true;
      },
      canRead: (workspaceId) => context.demand('canRead', workspaceId),
      canCreate: (workspaceId) => context.demand('canCreate', workspaceId),
      canReview: (workspaceId) => context.demand('canReview', workspaceId),
      canManage: (workspaceId) => context.demand('canManage', workspaceId),
    }),
    unauthorizedError: () => new ExpectedError('FORBIDDEN', 'You are not allowed to do this.'),
  },
});

builder.queryType({
  description:
    'What can be asked. Every field may be null, so that one that fails spoils nothing beside it.',
});
builder.mutationType({ description: 'What can be done.' });
