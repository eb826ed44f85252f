import { badUserInput } from '../../../../platform/errors.ts';
import { PUBLIC_IMPORT_PROFILES, profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';

/**
 * The type of entity that a profile imports.
 *
 * @param field - where the name came in
 * @throws `BAD_USER_INPUT` for a profile that takes nothing from outside
 */
export function importedType(name: string, field = 'profile'): EntityType {
  const profile = profileByName(name, field);
  if (profile.kind === 'import' && profile.public && profile.entityType !== null) {
    return profile.entityType;
  }
  throw badUserInput(
    field,
    `Profile ${name} takes no imports. Use one of ${PUBLIC_IMPORT_PROFILES.join(', ')}.`,
  );
}
