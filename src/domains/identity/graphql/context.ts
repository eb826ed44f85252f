import { unauthenticated } from '../../../platform/errors.ts';
import type { SubgraphRequest } from '../../../platform/graphql/subgraphServer.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Role } from '../generated/prisma/enums.ts';
import type { IdentityRuntime } from '../identityRuntime.ts';
import { assertPermission, type Permission } from '../services/permissions.ts';
import { resolveUserId, rolesOfUser } from '../services/userService.ts';
import { createEntityLoaders, type EntityLoaders } from './entityLoaders.ts';

/** The services, and Prisma for reads of single entities and lists. */
export interface ServedRuntime extends IdentityRuntime {
  readonly prisma: PrismaClient;
}

/** What resolvers know of the request that they serve. */
export interface IdentityContext {
  readonly runtime: ServedRuntime;
  readonly requestId: string;
  /** Id of the signed-in user; null without a token. */
  readonly userId: string | null;
  /** The user's roles by workspace id; read once for a request. */
  readonly roles: () => Promise<ReadonlyMap<string, Role>>;
  /** Forgets the roles, after memberships have changed. */
  readonly forgetRoles: () => void;
  /** Demands a permission: see {@link assertPermission}. */
  readonly demand: (permission: Permission, workspaceId: string) => Promise<true>;
  readonly loaders: EntityLoaders;
}

export async function buildIdentityContext(
  runtime: ServedRuntime,
  { caller, requestId }: Pick<SubgraphRequest, 'caller' | 'requestId'>,
): Promise<IdentityContext> {
  const userId = caller === null ? null : await resolveUserId(runtime.pool, caller);
  let known: Promise<ReadonlyMap<string, Role>> | undefined;
  const roles = (): Promise<ReadonlyMap<string, Role>> => {
    known ??= userId === null ? Promise.resolve(new Map()) : rolesOfUser(runtime.pool, userId);
    return known;
  };
  return {
    runtime,
    requestId,
    userId,
    roles,
    forgetRoles: () => {
      known = undefined;
    },
    demand: async (permission, workspaceId) => {
      signedIn({ userId });
      const role = (await roles()).get(workspaceId.toLowerCase());
      assertPermission(role ?? null, permission);
      return true;
    },
    loaders: createEntityLoaders(runtime, { userId, roles }),
  };
}

/**
 * The id of the signed-in user.
 *
 * @throws `UNAUTHENTICATED` without a token
 */
export function signedIn({ userId }: Pick<IdentityContext, 'userId'>): string {
  if (userId !== null) return userId;
  throw unauthenticated('Sign in: this takes an Authorization header with a Bearer token.');
}
