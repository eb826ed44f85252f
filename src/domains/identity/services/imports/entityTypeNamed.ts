import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';

/** @returns the type that a row says it is of; null for what is none */
export function entityTypeNamed(value: unknown): EntityType | null {
  if (typeof value !== 'string') return null;
  const name = value.trim().toLowerCase();
  return ENTITY_TYPES.find((type) => type === name) ?? null;
}

/** Why a row can't be read that says it is of another type. */
export function unknownEntityType(value: unknown): string {
  return `entityType: expected one of ${ENTITY_TYPES.join(', ')}, got ${JSON.stringify(value)}.`;
}
