import sql, { type Sql } from 'sql-template-tag';

/**
 * A new id (UUID v7) for each row of a statement that writes history, for where rows are made by
 * SQL and PostgreSQL has no function for it before version 18. All bear the time at which the
 * statement was made, so that they lie together in the index.
 *
 * A random UUID gets the time as its first six bytes, and the version 7 (0111) in place of 4 (0100).
 */
export function newChangeId(): Sql {
  const time = Date.now().toString(16).padStart(12, '0');
  return sql`encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) PLACING decode(${time}::text, 'hex') FROM 1),
    52, 1), 53, 1), 'hex')::uuid`;
}
