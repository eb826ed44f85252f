import { parseGivenFields } from '../../profiles/parseFields.ts';
import type { EntityType } from '../../rules/entities.ts';

/** Values by field, as texts; an empty one stands for no value. */
export type FieldTexts = Readonly<Record<string, string>>;

/** What an imported row says, and what people said about it. */
export interface ReviewedRow {
  readonly entityType: EntityType;
  /** As `toCanonicalRow` gives it. */
  readonly rawData: Readonly<Record<string, unknown>>;
  /** Of its findings. */
  readonly accepted: FieldTexts;
  /** In place of the row's own. */
  readonly edited: FieldTexts;
}

/**
 * The values that an imported row wants an entity to have. What the row leaves blank stays as it is,
 * unless it is an import of which blank cells erase.
 *
 * @throws UnreadableValueError when a value is not of its field's type
 */
export function wantedValues({ entityType, rawData, accepted, edited }: ReviewedRow): FieldTexts {
  const reviewed = { ...accepted, ...edited };
  return {
    ...texts(parseGivenFields(entityType, rawData)),
    ...Object.fromEntries(Object.keys(reviewed).map((field) => [field, ''])),
    ...texts(parseGivenFields(entityType, reviewed)),
  };
}

function texts(values: Readonly<Record<string, unknown>>): FieldTexts {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, String(value ?? '')]),
  );
}
