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

const ROLES_ASCENDING: readonly Role[] = ['VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN'];

function includes(role: Role, least: Role): boolean {
  return ROLES_ASCENDING.indexOf(role) >= ROLES_ASCENDING.indexOf(least);
}

/**
 * Demands a permission in a workspace.
 *
 * @param role - the caller's role there; null for a stranger, and for a workspace that isn't there
 * @throws `NOT_FOUND` for a stranger, `FORBIDDEN` for a member whose role does not suffice
 */
export function assertPermission(role: Role | null, permission: Permission): void {
  if (role === null) throw notFound('workspace');
  const least = LEAST_ROLE[permission];
  if (!includes(role, least)) {
    throw new ExpectedError(
      'FORBIDDEN',
      `This takes the role ${least} in the workspace; yours is ${role}. Ask an admin of the workspace.`,
    );
  }
}
