import type { Credentials } from './identityClient.ts';
import type { RolesByWorkspace } from './permissions.ts';

/** A member who is removed is out after as long. */
const MAX_AGE_MS = 5_000;

type FetchRoles = (credentials: Credentials) => Promise<RolesByWorkspace>;

interface Entry {
  readonly askedAt: number;
  readonly roles: Promise<RolesByWorkspace>;
}

/** Asks once per token and five seconds, however many requests want to know. Failures are not kept. */
export function cacheRoles(fetchRoles: FetchRoles): FetchRoles {
  const entries = new Map<string, Entry>();

  const forgetOld = (now: number): void => {
    for (const [token, { askedAt }] of entries) {
      if (now - askedAt >= MAX_AGE_MS) entries.delete(token);
    }
  };
  return (credentials) => {
    const now = Date.now();
    forgetOld(now);
    const token = credentials.authorization;
    const known = entries.get(token);
    if (known !== undefined) return known.roles;

    const entry = { askedAt: now, roles: fetchRoles(credentials) };
    entries.set(token, entry);
    entry.roles.catch(() => {
      if (entries.get(token) === entry) entries.delete(token);
    });
    return entry.roles;
  };
}
