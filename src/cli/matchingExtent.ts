import { z } from 'zod';

/** How much of one type of entity a search for duplicates compared. */
export const extentSchema = z.object({
  entityType: z.string(),
  /** How many were compared with the rest; null where all were with each other. */
  comparedEntities: z.number().nullable(),
  /** Why an incremental audit compared all with each other. */
  fullReason: z.string().nullable(),
});

/** A line for people where an audit was incremental; none for a full one, which compares all. */
export function describeExtent({
  entityType,
  comparedEntities,
  fullReason,
}: z.infer<typeof extentSchema>): string[] {
  const type = entityType.toLowerCase();
  if (fullReason !== null) {
    return [`Duplicates: all ${type}s were compared with each other: ${fullReason}`];
  }
  if (comparedEntities === null) return [];
  return [
    `Duplicates: ${comparedEntities} ${comparedEntities === 1 ? `${type} was` : `${type}s were`} compared with the rest, as changed or close to what has.`,
  ];
}
