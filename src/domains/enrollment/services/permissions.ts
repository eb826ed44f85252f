import { ExpectedError, notFound, unauthenticated } from '../../../platform/errors.ts';
import type { ServiceContext } from './serviceContext.ts';

/** Each role may do what the ones before it may. */
export const ROLES = ['VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN'] as const;

export type Role = (typeof ROLES)[number];

/** What the caller is in a workspace. */
export interface Standing {
  readonly role: Role;
  /** Whether the workspace is archived: then it can only be read. */
  readonly archived: boolean;
}

/** The caller's standing in each workspace they are a member of, by the workspace's id. */
export type RolesByWorkspace = ReadonlyMap<string, Standing>;

const LEAST_ROLE = {
  canRead: 'VIEWER',
  canCreate: 'EDITOR',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof LEAST_ROLE;

/** @throws `UNAUTHENTICATED` without a token, `SERVICE_UNAVAILABLE` when identity is away */
export async function rolesOfCaller(context: ServiceContext): Promise<RolesByWorkspace> {
  if (context.credentials === null) throw unauthenticated('Sign in: this takes a bearer token.');
  return context.identity.rolesOf(context.credentials);
}

/** Every role reads, so these are all workspaces the caller is a member of. */
export async function readableWorkspaceIds(context: ServiceContext): Promise<string[]> {
  return [...(await rolesOfCaller(context)).keys()];
}

/**
 * Demands a permission in a workspace.
 *
 * @throws `NOT_FOUND` for a stranger, `FORBIDDEN` for a member whose role does not suffice, `CONFLICT`
 * where the workspace is archived and can only be read, and what {@link rolesOfCaller} throws
 */
export async function assertPermission(
  context: ServiceContext,
  workspaceId: string,
  permission: Permission,
): Promise<void> {
  const standing = (await rolesOfCaller(context)).get(workspaceId.toLowerCase());
  if (standing === undefined) throw notFound('workspace');
  const { role, archived } = standing;
  const least = LEAST_ROLE[permission];
  if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
    throw new ExpectedError(
      'FORBIDDEN',
      `This takes the role ${least} in the workspace; yours is ${role}. Ask an admin of the workspace.`,
    );
  }
  if (archived && permission !== 'canRead') {
    throw new ExpectedError(
      'CONFLICT',
      'This workspace is archived: it can only be read. An admin can restore it.',
    );
  }
}
