import { ExpectedError, notFound } from '../../../platform/errors.ts';
import type { Role } from '../generated/prisma/enums.ts';

/** What members may be allowed, and the least role that is; each role includes the ones before it. */
const LEAST_ROLE = {
  canRead: 'VIEWER',
  canCreate: 'EDITOR',
  canReview: 'REVIEWER',
  canManage: 'ADMIN',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof LEAST_ROLE;

/** What is left in an archived workspace; to manage it, so that it can be restored. */
const LEFT_WHEN_ARCHIVED: readonly Permission[] = ['canRead', 'canManage'];

const ROLES_ASCENDING: readonly Role[] = ['VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN'];

/** What a member is in a workspace. */
export interface Standing {
  readonly role: Role;
  /** Whether the workspace is archived. */
  readonly archived: boolean;
}

/** The roles that have a permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ROLES_ASCENDING.slice(ROLES_ASCENDING.indexOf(LEAST_ROLE[permission]));
}

/**
 * Demands a permission in a workspace.
 *
 * @param standing - the caller's there; null for a stranger, and for a workspace that isn't there
 * @throws `NOT_FOUND` for a stranger, `FORBIDDEN` for a member whose role does not suffice, `CONFLICT`
 *   where the workspace is archived and can only be read
 */
export function assertPermission(standing: Standing | null, permission: Permission): void {
  if (standing === null) throw notFound('workspace');
  const { role, archived } = standing;
  if (!rolesWith(permission).includes(role)) {
    throw new ExpectedError(
      'FORBIDDEN',
      `This takes the role ${LEAST_ROLE[permission]} in the workspace; yours is ${role}. Ask an admin of the workspace.`,
    );
  }
  if (archived && !LEFT_WHEN_ARCHIVED.includes(permission)) throw workspaceArchived();
}

export function workspaceArchived(): ExpectedError {
  return new ExpectedError(
    'CONFLICT',
    'This workspace is archived: it can only be read. An admin can restore it.',
  );
}
