import { tokenExpired } from '../../../platform/auth/tokens.ts';
import type { Config } from '../../../platform/config.ts';
import { unauthenticated } from '../../../platform/errors.ts';
import type { SubgraphRequest } from '../../../platform/graphql/subgraphServer.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { IdentityRuntime } from '../identityRuntime.ts';
import { assertPermission, type Permission, type Standing } from '../services/permissions.ts';
import { resolveUserId, rolesOfUser } from '../services/userService.ts';
import { createEntityLoaders, type EntityLoaders } from './entityLoaders.ts';

/** The services, and Prisma for reads of single entities and lists. */
export interface ServedRuntime extends IdentityRuntime {
  readonly prisma: PrismaClient;
  readonly importLimits: Config['importLimits'];
}

/** What resolvers know of the request that they serve. */
export interface IdentityContext {
  readonly runtime: ServedRuntime;
  readonly requestId: string;
  /** Aborted when the caller has gone away. */
  readonly signal: AbortSignal;
  /** Id of the signed-in user; null without a token. */
  readonly userId: string | null;
  /** Null without a token. */
  readonly tokenExpiresAt: Date | null;
  /** What the user is in each workspace, by its id; read once for a request. */
  readonly roles: () => Promise<ReadonlyMap<string, Standing>>;
  /** Forgets the roles, after memberships have changed. */
  readonly forgetRoles: () => void;
  /** Forgets the roles and all rows, before a subscription answers anew. */
  readonly forgetEverything: () => void;
  /** Demands a permission: see {@link assertPermission}. */
  readonly demand: (permission: Permission, workspaceId: string) => Promise<true>;
  readonly loaders: EntityLoaders;
}

export async function buildIdentityContext(
  runtime: ServedRuntime,
  { caller, requestId, request }: Pick<SubgraphRequest, 'caller' | 'requestId' | 'request'>,
): Promise<IdentityContext> {
  const userId = caller === null ? null : await resolveUserId(runtime.pool, caller);
  let known: Promise<ReadonlyMap<string, Standing>> | undefined;
  const roles = (): Promise<ReadonlyMap<string, Standing>> => {
    known ??= userId === null ? Promise.resolve(new Map()) : rolesOfUser(runtime.pool, userId);
    return known;
  };
  const forgetRoles = (): void => {
    known = undefined;
  };
  const newLoaders = (): EntityLoaders => createEntityLoaders(runtime, { userId, roles });
  const loaders = newLoaders();
  return {
    runtime,
    requestId,
    signal: request.signal,
    userId,
    tokenExpiresAt: caller?.tokenExpiresAt ?? null,
    roles,
    forgetRoles,
    forgetEverything: () => {
      forgetRoles();
      // In place: resolvers have the object already.
      Object.assign(loaders, newLoaders());
    },
    demand: async (permission, workspaceId) => {
      signedIn({ userId });
      const standing = (await roles()).get(workspaceId.toLowerCase());
      assertPermission(standing ?? null, permission);
      return true;
    },
    loaders,
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

/**
 * Until when the token holds that the caller has come with: a subscription may outlive it.
 *
 * @throws `UNAUTHENTICATED` where that has passed, and without a token
 */
export function signedInUntil(context: IdentityContext): Date {
  signedIn(context);
  const { tokenExpiresAt } = context;
  if (tokenExpiresAt === null || tokenExpiresAt.getTime() <= Date.now()) throw tokenExpired();
  return tokenExpiresAt;
}
