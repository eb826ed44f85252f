import { z } from 'zod';
import { ExpectedError, unauthenticated } from '../../../platform/errors.ts';
import { REQUEST_ID_HEADER } from '../../../platform/http/requestId.ts';
import type { Logger } from '../../../platform/logger.ts';
import { ROLES, type RolesByWorkspace } from './permissions.ts';
import { cacheRoles } from './rolesCache.ts';

const TIMEOUT_MS = 5_000;

/** What a caller came with; identity is asked in their name. */
export interface Credentials {
  readonly authorization: string;
  readonly requestId: string;
}

/** The part of the identity subgraph that enrollments depend on. */
export interface IdentityClient {
  /**
   * What the caller is in each of their workspaces, at most five seconds old.
   *
   * @throws `UNAUTHENTICATED` when identity refuses the token, `SERVICE_UNAVAILABLE` when it is away
   */
  rolesOf(credentials: Credentials): Promise<RolesByWorkspace>;
  /**
   * The id of a device's workspace, or null where the caller may see no such device.
   *
   * @throws as `rolesOf`
   */
  findWorkspaceOfDevice(credentials: Credentials, deviceId: string): Promise<string | null>;
}

interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, string>>;
}

const workspaceSchema = z.object({ id: z.string() });
const membershipSchema = z.object({
  role: z.enum(ROLES),
  workspace: workspaceSchema.extend({ archivedAt: z.string().nullable() }),
});
const meSchema = z.object({ me: z.object({ memberships: z.array(membershipSchema) }) });
const deviceSchema = z.object({ device: z.object({ workspace: workspaceSchema }).nullable() });
const responseSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).partial() }))
    .default([]),
});

/**
 * @param url - of identity's `/graphql`
 * @param logger - for what went wrong between the services; callers are told only that it did
 */
export function createIdentityClient(url: string, logger: Logger): IdentityClient {
  /** @returns null for what identity calls `NOT_FOUND` */
  async function ask<T>(credentials: Credentials, request: GraphQLRequest, schema: z.ZodType<T>) {
    const { data, errors } = await post(url, credentials, request).catch(giveUp);
    const [error] = errors;
    if (error === undefined) return schema.parseAsync(data).catch(giveUp);
    if (error.extensions.code === 'NOT_FOUND') return null;
    if (error.extensions.code === 'UNAUTHENTICATED') throw unauthenticated(error.message);
    return giveUp(new Error(error.message));

    function giveUp(cause: unknown): never {
      const { requestId } = credentials;
      logger.error({ requestId, err: cause }, 'The identity subgraph could not be asked');
      throw new ExpectedError(
        'SERVICE_UNAVAILABLE',
        "Memberships can't be looked up at the moment, so nothing is shown. Try again in a moment.",
      );
    }
  }

  return {
    rolesOf: cacheRoles(async (credentials) => {
      const query = '{ me { memberships { role workspace { id archivedAt } } } }';
      const answer = await ask(credentials, { query }, meSchema);
      const memberships = answer?.me.memberships ?? [];
      return new Map(
        memberships.map(({ role, workspace: { id, archivedAt } }) => [
          id,
          { role, archived: archivedAt !== null },
        ]),
      );
    }),
    async findWorkspaceOfDevice(credentials, deviceId) {
      const query = 'query ($id: ID!) { device(id: $id) { workspace { id } } }';
      const answer = await ask(credentials, { query, variables: { id: deviceId } }, deviceSchema);
      return answer?.device?.workspace.id ?? null;
    },
  };
}

async function post(url: string, { authorization, requestId }: Credentials, body: GraphQLRequest) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization,
      [REQUEST_ID_HEADER]: requestId,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return responseSchema.parse(await response.json());
}
