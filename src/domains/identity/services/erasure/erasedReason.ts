import sql, { type Sql } from 'sql-template-tag';

/** Why nothing can be done about a person, as a SQL text. */
export function erasedReason(erasedAt: Sql): Sql {
  return sql`format('The person was erased on %s.',
    to_char(${erasedAt} AT TIME ZONE 'UTC', 'YYYY-MM-DD'))`;
}
