import { badUserInput } from '../../../../platform/errors.ts';
import { PUBLIC_IMPORT_PROFILES, profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';

/**
 * The type of entity that a profile imports.
 *
 * @throws `BAD_USER_INPUT` for a profile that takes nothing from outside
 */
export function importedType(name: string): EntityType {
  const profile = profileByName(name);
  if (profile.kind === 'import' && profile.public && profile.entityType !== null) {
    return profile.entityType;
  }
  throw badUserInput(
    'profile',
    `Profile ${name} takes no imports. Use one of ${PUBLIC_IMPORT_PROFILES.join(', ')}.`,
  );
}
