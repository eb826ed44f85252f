import { createSchema } from 'graphql-yoga';
import type { Caller } from '../../../src/platform/auth/tokens.ts';
import type { Config } from '../../../src/platform/config.ts';
import { notFound, unauthenticated } from '../../../src/platform/errors.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '../../../src/platform/graphql/subgraphServer.ts';
import type { Logger } from '../../../src/platform/logger.ts';

type Role = 'VIEWER' | 'EDITOR' | 'REVIEWER' | 'ADMIN';

export interface FakeIdentity {
  readonly server: SubgraphServer;
  /** Workspace id by device id. */
  readonly devices: Map<string, string>;
  /** Role by workspace id, by email address. */
  readonly members: Map<string, Map<string, Role>>;
  /** Workspaces that are archived, by id. */
  readonly archived: Set<string>;
  /** Request ids it was asked with. */
  readonly requestIds: string[];
}

interface Context {
  readonly caller: Caller | null;
}

/** As much of the identity subgraph as enrollment asks for, over real HTTP. */
export function createFakeIdentity(config: Config, logger: Logger): FakeIdentity {
  const devices = new Map<string, string>();
  const members = new Map<string, Map<string, Role>>();
  const archived = new Set<string>();
  const requestIds: string[] = [];

  const rolesOf = ({ caller }: Context): Map<string, Role> => {
    if (caller === null) throw unauthenticated('Sign in.');
    return members.get(caller.email ?? '') ?? new Map();
  };
  const schema = createSchema<Context>({
    typeDefs: /* GraphQL */ `
      type Query { me: User! device(id: ID!): Device }
      type User { memberships: [Membership!]! }
      type Membership { role: String! workspace: Workspace! }
      type Workspace { id: ID! archivedAt: String }
      type Device { id: ID! workspace: Workspace! }
    `,
    resolvers: {
      Query: {
        me: (_root, _args, context) => ({
          memberships: [...rolesOf(context)].map(([id, role]) => ({
            role,
            workspace: { id, archivedAt: archived.has(id) ? '2026-11-23T00:00:00Z' : null },
          })),
        }),
        device: (_root, { id }: { id: string }, context) => {
          const workspaceId = devices.get(id);
          if (workspaceId === undefined || !rolesOf(context).has(workspaceId)) {
            throw notFound('device');
          }
          return { id, workspace: { id: workspaceId } };
        },
      },
    },
  });
  const server = createSubgraphServer<Context>({
    schema,
    config,
    port: 0,
    portVariable: 'IDENTITY_PORT',
    logger,
    buildContext: ({ caller, requestId }) => {
      requestIds.push(requestId);
      return { caller };
    },
    readiness: async () => [],
  });
  return { server, devices, members, archived, requestIds };
}
