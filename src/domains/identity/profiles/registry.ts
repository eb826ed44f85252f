import { badUserInput } from '../../../platform/errors.ts';
import { contactImport } from './contactImport.ts';
import { dataAudit } from './dataAudit.ts';
import { demoSeed } from './demoSeed.ts';
import { deviceImport } from './deviceImport.ts';
import { entityArchive } from './entityArchive.ts';
import type { Profile } from './profile.ts';
import { siteImport } from './siteImport.ts';

const profiles: readonly Profile[] = [
  contactImport,
  siteImport,
  deviceImport,
  dataAudit,
  demoSeed,
  entityArchive,
];

/** Names of the profiles that callers of the API may import with. */
export const PUBLIC_IMPORT_PROFILES: readonly string[] = profiles
  .filter((profile) => profile.kind === 'import' && profile.public)
  .map((profile) => profile.name);

/** Names of the profiles whose records have nothing to decide on but their findings. */
export const AUDIT_PROFILES: readonly string[] = profiles
  .filter(({ kind }) => kind === 'audit')
  .map(({ name }) => name);

/** Names of the profiles whose rows are matched with production. */
export const MATCHING_PROFILES: readonly string[] = profiles
  .filter((profile) => profile.kind === 'import' && profile.matchesEntities)
  .map(({ name }) => name);

/**
 * @param field - where the name came in
 * @throws `BAD_USER_INPUT` when no profile has the name
 */
export function profileByName(name: string, field = 'profile'): Profile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile) return profile;
  throw badUserInput(
    field,
    `There is no profile "${name}". Use one of ${PUBLIC_IMPORT_PROFILES.join(', ')}.`,
  );
}
