import { builder } from '../builder.ts';
import { FindingType } from '../staging/finding.ts';

builder.objectField(FindingType, 'presentValue', (t) =>
  t.string({
    nullable: true,
    description:
      'The value that the field has in production now; beside currentValue it shows what a conflict is about.',
    resolve: async ({ entityType, entityId, field }, _args, { loaders }) => {
      const entity = entityId === null ? null : await loaders[entityType].load(entityId);
      return entity === null ? null : textOf(Reflect.get(entity, field));
    },
  }),
);

/** A field's value as findings write it: fields with a time of day there are none. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
