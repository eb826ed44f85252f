import type { DatabaseError } from 'pg';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES } from '../../rules/entities.ts';

const NOT_NULL_VIOLATION = '23502';
const FOREIGN_KEY_VIOLATION = '23503';
/** PostgreSQL names the constraint of a reference after its columns. */
const REFERENCES: readonly { readonly key: RegExp; readonly reason: string }[] = [
  { key: /owner_id/, reason: 'ownerId: this workspace has no such contact.' },
  { key: /site_id/, reason: 'siteId: this workspace has no such site.' },
];

/** Why the database refused a row, for the people who review it. */
export function refusedReason({ code, table, column, constraint, message }: DatabaseError): string {
  if (code === NOT_NULL_VIOLATION) return `${fieldOf(table, column)}: it can't be empty.`;
  if (code === FOREIGN_KEY_VIOLATION) {
    const reference = REFERENCES.find(({ key }) => key.test(constraint ?? ''));
    if (reference) return reference.reason;
  }
  return `The value can't be stored: ${message}.`;
}

function fieldOf(table: string | undefined, column: string | undefined): string {
  const entityType = ENTITY_TYPES.find((candidate) => ENTITY_TABLES[candidate] === table);
  const fields = entityType === undefined ? [] : entityColumns(entityType);
  return fields.find((field) => field.column === column)?.field ?? column ?? 'a field';
}
